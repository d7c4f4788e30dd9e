using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>
/// A person gives their account another password. One transaction: the new password, the new cookie of this session and
/// the end of what the policy ends are done together or not at all.
/// </summary>
internal sealed class PasswordChange(
    HubDb db, PasswordGuard passwords, IPasswordHasher<User> hasher, SessionOpener sessions, SessionRevoker revoker, AuditTrail audit)
{
    /// <param name="context">The request; its answer gets the new cookie.</param>
    /// <param name="session">The session the change is made in.</param>
    /// <param name="current">The password as it is.</param>
    /// <param name="chosen">The password as it shall be; the rules of <see cref="NewAccount"/> have been checked.</param>
    /// <param name="endThisToo">The person chose to end this session with the others.</param>
    public async Task<PasswordChanged> ChangeAsync(HttpContext context, CurrentSession session, string current, string chosen, bool endThisToo)
    {
        var verdict = await passwords.CheckAsync(session, current);
        if (verdict.Wait > TimeSpan.Zero)
        {
            return new(null, WrongPassword: false) { Wait = verdict.Wait };
        }

        if (verdict.Refusal is not null || verdict.User!.Id != session.UserId)
        {
            db.ChangeTracker.Clear();
            audit.Add(db, "password_change_refused", Initiator.Person(session.UserId).Name, session.UserId, session.Id, new { reason = verdict.Refusal });
            await db.SaveChangesAsync();
            return new(null, WrongPassword: true);
        }

        // Hashing takes a tenth of a second, which is too long to hold rows for.
        var (user, hash) = (verdict.User, hasher.HashPassword(verdict.User, chosen));
        var ended = await revoker.EndPersonAsync(
            session.UserId, endThisToo ? null : session.Id, RevocationReason.PasswordChanged, Initiator.Person(session.UserId),
            () => WriteAsync(context, session, user, hash));
        return new(ended == Ended.Nothing ? null : ended, WrongPassword: false);
    }

    // The renewal is the guard as well: it refuses when this session has ended or the account has changed since the
    // password was checked, so that a request of a session that was ended meanwhile changes nothing (I2).
    private async Task<bool> WriteAsync(HttpContext context, CurrentSession session, User user, string hash)
    {
        if (!await sessions.RenewAsync(context, session, user, session.Amr))
        {
            return false;
        }

        await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(u => u
            .SetProperty(x => x.PasswordHash, hash)
            .SetNewStamps());
        audit.Add(db, "password_changed", Initiator.Person(user.Id).Name, user.Id, session.Id);
        return true;
    }
}

/// <param name="Ended">What ended with it; null when nothing was changed.</param>
/// <param name="WrongPassword">Nothing was changed because the current password is another.</param>
internal sealed record PasswordChanged(Ended? Ended, bool WrongPassword)
{
    /// <summary>Nothing was tried, for there were too many wrong passwords; the next may come after this.</summary>
    public TimeSpan Wait { get; init; }
}
