using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Devices;
using IdentityHub.Factors;
using IdentityHub.Revocation;
using IdentityHub.Throttling;

namespace IdentityHub.Account;

/// <summary>Takes the second factor of a person, a code of the authenticator or a recovery code, at the pace that the throttle allows.</summary>
internal sealed class SecondFactorGuard(
    Authenticators authenticators, RecoveryCodes recovery, Throttle throttle, Guesses guesses, KnownDevices devices, HubDb db, AuditTrail audit)
{
    public async Task<FactorVerdict> CheckAsync(HttpContext context, Guid userId, string typed)
    {
        var device = await devices.FindAsync(context, userId);
        var taken = await throttle.TakeAsync(guesses.OfSecondFactor(userId, device?.Id));
        if (!taken.Allowed)
        {
            return new(null) { Wait = taken.Wait };
        }

        var amr = Totp.IsCode(typed)
            ? await authenticators.UseAsync(userId, typed) ? Proof.PasswordAndCode : null
            : await recovery.UseAsync(userId, typed) ? Proof.PasswordAndRecoveryCode : null;
        if (amr is null)
        {
            throttle.Wrong(taken);
            if (taken.WaitIfWrong > TimeSpan.Zero)
            {
                audit.Add(db, "guesses_throttled", Initiator.System.Name, userId, details: new { what = taken.Against[0].Scope, seconds = (int)taken.WaitIfWrong.TotalSeconds });
            }
        }
        else
        {
            await throttle.RightAsync(taken);
            if (amr is Proof.PasswordAndRecoveryCode)
            {
                audit.Add(db, "recovery_code_used", Initiator.Person(userId).Name, userId);
            }
        }

        await db.SaveChangesAsync();
        return new(amr);
    }
}

/// <param name="Amr">What was proved with the password together; null when the code was wrong, was used before, or was not tried.</param>
internal sealed record FactorVerdict(string? Amr)
{
    /// <summary>How long to wait where there were too many wrong codes; then this one was not even looked at.</summary>
    public TimeSpan Wait { get; init; }
}
