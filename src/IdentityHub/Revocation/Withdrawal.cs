using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Contracts;
using IdentityHub.Data;
using IdentityHub.Messaging;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Revocation;

/// <summary>
/// Ends what one application has of one person: its permission, its grants and tokens, and its own session in every live
/// session of the hub that it is open in, by a logout token for each. The sessions of the hub go on. One transaction,
/// with the locks of <see cref="SessionRevoker"/> in the same order.
/// </summary>
internal sealed class Withdrawal(HubDb db, LogoutDeliveries deliveries, Outbox outbox, OutboxSignal signal, AuditTrail audit, TimeProvider time)
{
    private const RevocationReason Reason = RevocationReason.ApplicationWithdrawn;

    /// <param name="userId">The person.</param>
    /// <param name="present">The session they ask in; when it is over, nothing is done.</param>
    /// <param name="clientId">The application. One that has nothing is no error.</param>
    /// <param name="initiator">Who asked.</param>
    public Task<Ended> WithdrawAsync(Guid userId, Guid present, string clientId, Initiator initiator)
    {
        return db.InTransactionAsync(async () =>
        {
            await db.Lock<User>(RowLock.Change, "id = {0}", userId).Select(u => u.Id).ToListAsync();
            // Issuing shares the session's row: what is being issued right now is written first and ends below.
            await db.Lock<UserSession>(RowLock.Change, "user_id = {0} AND ended_at IS NULL ORDER BY id", userId).Select(s => s.Id).ToListAsync();
            // One that a cut-off has ended is not touched: what it is known by is who took part in it.
            var sessions = await db.Live(time.GetUtcNow()).Where(s => s.UserId == userId).Select(s => s.Id).ToListAsync();
            return sessions.Contains(present) ? await EndAsync(userId, clientId, sessions, initiator) : Ended.Nothing;
        });
    }

    private async Task<Ended> EndAsync(Guid userId, string clientId, List<Guid> sessions, Initiator initiator)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await db.Set<Consent>().Where(c => c.UserId == userId && c.ClientId == clientId).ExecuteDeleteAsync();
        var revoked = await RevokeTokensAsync(userId.ToString(), clientId);
        var told = (await deliveries.PlanAsync(db, sessions.ToDictionary(s => s, _ => id), now, CancellationToken.None, clientId)).GetValueOrDefault(id);
        // It is open there no longer. Should the person go back to it, that is a participation of its own, which is told
        // when the session ends.
        await db.Set<SessionParticipant>().Where(p => sessions.Contains(p.SessionId) && p.ClientId == clientId).ExecuteDeleteAsync();
        db.Add(new RevocationRecord { Id = id, Reason = Reason, Initiator = initiator.Name, UserId = userId, At = now, Sessions = 0, RelyingParties = told });
        audit.Add(db, Reason.Wire(), initiator.Name, userId, details: new { client = clientId });
        if (revoked > 0 || told > 0)
        {
            outbox.Add(db, new SessionsRevoked(id, Reason.Wire(), userId.ToString(), [], now, ClientId: clientId));
        }

        await db.SaveChangesAsync();
        db.AfterCommit(signal.Ring);
        return new Ended(id, 0, told);
    }

    /// <returns>How many grants and tokens died.</returns>
    private async Task<int> RevokeTokensAsync(string subject, string clientId)
    {
        var application = await db.Set<RelyingParty>().Where(r => r.ClientId == clientId).Select(r => r.Id).SingleOrDefaultAsync();
        return application is null
            ? 0
            : await db.Set<Grant>().Where(g => g.Subject == subject && g.ApplicationId == application && g.Status == Statuses.Valid)
                .ExecuteUpdateAsync(g => g.SetProperty(x => x.Status, Statuses.Revoked))
            + await db.Set<IssuedToken>().Where(t => t.Subject == subject && t.ApplicationId == application && t.Status == Statuses.Valid)
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Status, Statuses.Revoked));
    }
}
