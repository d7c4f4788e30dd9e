using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>
/// A person closes their account: everything ends (ASVS 7.4.2) and what is personal is erased, in one transaction. What
/// happened stays in the audit, about an identifier that points at nobody any more.
/// </summary>
internal sealed class AccountClosing(HubDb db, SessionRevoker revoker, PersonalData data, AuditTrail audit, TimeProvider time)
{
    /// <summary>What ended; <see cref="Ended.Nothing"/> when the session in which it was asked for is over.</summary>
    public Task<Ended> CloseAsync(CurrentSession session)
    {
        var (user, initiator) = (session.UserId, Initiator.Person(session.UserId));
        return db.InTransactionAsync(async () =>
        {
            var act = await revoker.EndPersonAsync(user, null, RevocationReason.AccountClosed, initiator, () => EraseAsync(session));
            if (act != Ended.Nothing)
            {
                await data.EraseTracesAsync(user);
            }

            return act;
        });
    }

    // A request of a session that was ended meanwhile changes nothing (I2).
    private async Task<bool> EraseAsync(CurrentSession session)
    {
        var now = time.GetUtcNow();
        var own = await db.Lock<UserSession>(RowLock.Change, "id = {0} AND ended_at IS NULL", session.Id).Select(s => s.ExpiresAt).ToListAsync();
        if (own.All(expires => expires <= now))
        {
            return false;
        }

        await data.EraseAsync(session.UserId);
        audit.Add(db, "account_closed", Initiator.Person(session.UserId).Name, session.UserId, session.Id);
        return true;
    }
}
