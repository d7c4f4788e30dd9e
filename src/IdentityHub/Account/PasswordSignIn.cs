using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Devices;

namespace IdentityHub.Account;

/// <summary>From an address and a password to a session, to the question for a second factor, or to an entry in the audit that says why not.</summary>
internal sealed class PasswordSignIn(PasswordGuard passwords, Admission admission, HalfLogin half, KnownDevices devices, HubDb db, AuditTrail audit)
{
    /// <summary>Where the sign-in stands now. <paramref name="remember"/> as in <see cref="Admission"/>.</summary>
    public async Task<PasswordAnswer> TryAsync(HttpContext context, string email, string password, bool? remember = null)
    {
        // Twice at most: the account may change between the check and the session, and be it only by the rehash of a
        // sign-in beside this one. Then what counts is what is true now.
        for (var attempt = 1; ; attempt++)
        {
            var verdict = await passwords.CheckAsync(context, email, password);
            if (verdict.Wait > TimeSpan.Zero)
            {
                return new(PasswordStep.TooMany, verdict.Wait);
            }

            if (verdict.Refusal is null && verdict.User!.TwoFactorEnabled && !await devices.IsTrustedAsync(context, verdict.User.Id))
            {
                half.Write(context, verdict.User, remember);
                return new(PasswordStep.SecondFactor);
            }

            if (verdict.Refusal is null && await admission.AdmitAsync(context, verdict.User!, Proof.Password, remember))
            {
                return new(PasswordStep.SignedIn);
            }

            db.ChangeTracker.Clear();
            if (verdict.Refusal is not null || attempt == 2)
            {
                await RecordFailureAsync(verdict);
                return new(PasswordStep.Refused);
            }
        }
    }

    private async Task RecordFailureAsync(PasswordVerdict verdict)
    {
        audit.Add(db, "sign_in_failed", "anonymous", verdict.User?.Id, details: new { reason = verdict.Refusal ?? "account_changed" });
        await db.SaveChangesAsync();
    }
}

internal enum PasswordStep
{
    SignedIn,

    /// <summary>The password is right, and the person is not signed in until they have presented the second factor.</summary>
    SecondFactor,

    Refused,

    /// <summary>Not tried: there were too many wrong ones.</summary>
    TooMany,
}

/// <param name="Step">Where the sign-in stands.</param>
/// <param name="Wait">How long until the next try, where there were too many.</param>
internal readonly record struct PasswordAnswer(PasswordStep Step, TimeSpan Wait = default);
