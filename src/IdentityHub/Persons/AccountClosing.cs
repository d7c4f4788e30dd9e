using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Persons;

/// <summary>
/// An account is closed, by its person or by an administrator: everything ends (ASVS 7.4.2) and what is personal is
/// erased, in one transaction. What happened stays in the audit, about an identifier that points at nobody any more.
/// </summary>
internal sealed class AccountClosing(HubDb db, SessionRevoker revoker, PersonalData data, Administrators administrators, AuditTrail audit, TimeProvider time)
{
    /// <summary>
    /// The person's own; what ended, and <see cref="Ended.Nothing"/> when the session in which it was asked for is over.
    /// Null, and nothing is closed, when nobody would be left who can administer.
    /// </summary>
    public Task<Ended?> CloseAsync(CurrentSession session) => db.InTransactionAsync(async () => await administrators.IsLastAsync(session.UserId)
        ? null
        : await CloseAsync(session.UserId, Initiator.Person(session.UserId), session.Id, () => IsLiveAsync(session)));

    /// <summary>By somebody else; <see cref="Ended.Nothing"/> when it is closed already.</summary>
    public Task<Ended> CloseAsync(Guid userId, Initiator initiator) =>
        CloseAsync(userId, initiator, null, () => db.Users.AnyAsync(u => u.Id == userId && u.ClosedAt == null));

    private Task<Ended> CloseAsync(Guid user, Initiator initiator, Guid? session, Func<Task<bool>> may) => db.InTransactionAsync(async () =>
    {
        var act = await revoker.EndPersonAsync(user, null, RevocationReason.AccountClosed, initiator, async () =>
        {
            if (!await may())
            {
                return false;
            }

            var address = await db.Users.Where(u => u.Id == user).Select(u => u.NormalizedEmail).SingleOrDefaultAsync();
            await administrators.VoidInvitationsAsync(Initiator.Administrator(user).Name, address, initiator.Name);
            await data.EraseAsync(user);
            audit.Add(db, "account_closed", initiator.Name, user, session);
            return true;
        });
        if (act != Ended.Nothing)
        {
            await data.EraseTracesAsync(user);
        }

        return act;
    });

    // A request of a session that was ended meanwhile changes nothing (I2).
    private async Task<bool> IsLiveAsync(CurrentSession session)
    {
        var now = time.GetUtcNow();
        var own = await db.Lock<UserSession>(RowLock.Change, "id = {0} AND ended_at IS NULL", session.Id).Select(s => s.ExpiresAt).ToListAsync();
        return own.Any(expires => expires > now);
    }
}
