using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Devices;

namespace IdentityHub.Account;

/// <summary>From an address and a password to a session, to the question for a second factor, or to an entry in the audit that says why not.</summary>
internal sealed class PasswordSignIn(PasswordGuard passwords, Admission admission, HalfLogin half, KnownDevices devices, HubDb db, AuditTrail audit)
{
    /// <summary>Where the sign-in stands now.</summary>
    /// <param name="context">The request; its answer gets the cookie.</param>
    /// <param name="email">Whose password it is to be.</param>
    /// <param name="password">As it was typed.</param>
    /// <param name="remember">As in <see cref="Admission"/>.</param>
    /// <param name="everyFactor">More than a password is asked for: a second factor is not left out because this browser may otherwise do so.</param>
    public async Task<PasswordAnswer> TryAsync(HttpContext context, string email, string password, bool? remember, bool everyFactor)
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

            if (verdict.Refusal is null && verdict.User!.TwoFactorEnabled && (everyFactor || !await devices.IsTrustedAsync(context, verdict.User.Id)))
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
                return new(verdict.Refusal is PasswordVerdict.Unconfirmed ? PasswordStep.Unconfirmed : PasswordStep.Refused);
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

    /// <summary>The password is right, and the address waits to be confirmed: who knows the password learns nothing new by it.</summary>
    Unconfirmed,

    /// <summary>Not tried: there were too many wrong ones.</summary>
    TooMany,
}

/// <param name="Step">Where the sign-in stands.</param>
/// <param name="Wait">How long until the next try, where there were too many.</param>
internal readonly record struct PasswordAnswer(PasswordStep Step, TimeSpan Wait = default);
