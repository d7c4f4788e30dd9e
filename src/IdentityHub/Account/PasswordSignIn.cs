using IdentityHub.Audit;
using IdentityHub.Data;

namespace IdentityHub.Account;

/// <summary>From an address and a password to a session, or to an entry in the audit that says why not.</summary>
internal sealed class PasswordSignIn(PasswordCheck passwords, Admission admission, HubDb db, AuditTrail audit)
{
    /// <summary>The <c>amr</c> of this proof (RFC 8176 §2).</summary>
    public const string Amr = "pwd";

    /// <summary>True when the person is signed in now, in this browser. <paramref name="remember"/> as in <see cref="Admission"/>.</summary>
    public async Task<bool> TryAsync(HttpContext context, string email, string password, bool? remember = null)
    {
        // Twice at most: the account may change between the check and the session, and be it only by the rehash of a
        // sign-in beside this one. Then what counts is what is true now.
        for (var attempt = 1; ; attempt++)
        {
            var verdict = await passwords.CheckAsync(email, password);
            if (verdict.Refusal is null && await admission.AdmitAsync(context, verdict.User!, Amr, remember))
            {
                return true;
            }

            db.ChangeTracker.Clear();
            if (verdict.Refusal is not null || attempt == 2)
            {
                await RecordFailureAsync(context, verdict);
                return false;
            }
        }
    }

    private async Task RecordFailureAsync(HttpContext context, PasswordVerdict verdict)
    {
        var particulars = new { reason = verdict.Refusal ?? "account_changed", address = context.Connection.RemoteIpAddress?.ToString() };
        audit.Add(db, "sign_in_failed", "anonymous", verdict.User?.Id, details: particulars);
        await db.SaveChangesAsync();
    }
}
