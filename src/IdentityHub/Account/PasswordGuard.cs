using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Devices;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Throttling;
using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Account;

/// <summary>
/// Checks a password at the pace that the throttle allows. An address without an account is slowed down like one that
/// has one, and neither text nor time says which it was (ASVS 6.3.8).
/// </summary>
internal sealed class PasswordGuard(
    PasswordCheck passwords, Throttle throttle, Guesses guesses, KnownDevices devices, ILookupNormalizer names, HubDb db, AuditTrail audit)
{
    /// <summary>Somebody who is not signed in, or wants to be somebody else.</summary>
    public async Task<PasswordVerdict> CheckAsync(HttpContext context, string email, string password)
    {
        var account = names.NormalizeEmail(email) ?? "";
        var source = SourceAddress.Of(context.Connection.RemoteIpAddress);
        return await CheckAsync(guesses.OfPassword(account, source, await devices.FindAsync(context, account)), email, password);
    }

    /// <summary>The person of this session, again. Others cannot use up these guesses, and a thief of the cookie has no more of them.</summary>
    public Task<PasswordVerdict> CheckAsync(CurrentSession session, string password) =>
        CheckAsync(guesses.OfPassword(session.Id), session.Email, password);

    private async Task<PasswordVerdict> CheckAsync(Guess[] against, string email, string password)
    {
        var taken = await throttle.TakeAsync(against);
        if (!taken.Allowed)
        {
            return new(null, PasswordVerdict.TooMany) { Wait = taken.Wait };
        }

        var verdict = await passwords.CheckAsync(email, password);
        if (verdict.Refusal is null)
        {
            await throttle.RightAsync(taken);
            return verdict;
        }

        db.ChangeTracker.Clear();
        throttle.Wrong(taken);
        if (taken.WaitIfWrong > TimeSpan.Zero)
        {
            // Once per wait and not once per request: who hammers at the door does not fill the audit.
            audit.Add(db, "guesses_throttled", Initiator.System.Name, verdict.User?.Id, details: new { what = taken.Against[0].Scope, seconds = (int)taken.WaitIfWrong.TotalSeconds });
            await db.SaveChangesAsync();
        }

        return verdict;
    }
}
