using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>
/// A change of how somebody proves who they are. One transaction: the change, the new cookie of this session and the end
/// of what the policy ends are done together or not at all.
/// </summary>
internal sealed class SecurityChange(HubDb db, SessionOpener sessions, SessionRevoker revoker, AuditTrail audit)
{
    /// <summary>What ended with it; null when nothing was changed, because this session or the account is no longer what it was.</summary>
    /// <param name="context">The request; its answer gets the new cookie.</param>
    /// <param name="session">The session the change is made in.</param>
    /// <param name="reason">What is changed: chooses the row of the policy.</param>
    /// <param name="endThisToo">The person chose to end this session with the others.</param>
    /// <param name="amr">What is proved in this session, with what the change proved.</param>
    /// <param name="change">Writes the change; false leaves everything as it was.</param>
    public async Task<Ended?> MakeAsync(
        HttpContext context, CurrentSession session, RevocationReason reason, bool endThisToo, string amr, Func<User, Task<bool>> change)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == session.UserId);
        var ended = await revoker.EndPersonAsync(
            session.UserId, endThisToo ? null : session.Id, reason, Initiator.Person(session.UserId), async () =>
            {
                // The rotation is the guard as well: a request whose session was ended meanwhile changes nothing (I2).
                if (!await sessions.RotateAsync(context, session, user, amr) || !await change(user))
                {
                    return false;
                }

                // A sign-in that is half done was begun under other rules.
                await db.Users.Where(u => u.Id == user.Id).ExecuteUpdateAsync(u => u
                    .SetNewStamps());
                audit.Add(db, reason.Wire(), Initiator.Person(user.Id).Name, user.Id, session.Id);
                return true;
            });
        return ended == Ended.Nothing ? null : ended;
    }
}
