using System.Diagnostics;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Contracts;
using IdentityHub.Data;
using IdentityHub.Messaging;
using IdentityHub.RelyingParties;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Revocation;

/// <summary>
/// The one door: the only code that ends a session. One transaction ends the rows, revokes their tokens and grants,
/// writes one delivery per session and relying party, the audit and the event. Nothing here waits for a network, and
/// nothing hangs on the caller: there is no cancellation, so a closed connection changes nothing about the outcome.
/// </summary>
/// <remarks>
/// Locks are taken in one order everywhere: person, session, grant, token. Issuing takes a share lock on the session
/// and on the grant before it writes (I2), so of a revocation and a request in flight one sees the other.
/// </remarks>
internal sealed class SessionRevoker(HubDb db, LogoutDeliveries deliveries, Outbox outbox, OutboxSignal signal, FeedSignal feed, AuditTrail audit, TimeProvider time)
{
    /// <summary>Ends one session. A session that has ended before is left as it is: <see cref="Ended.Nothing"/>.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Chooses the row of the policy table.</param>
    /// <param name="initiator">Who asked.</param>
    /// <param name="tell">False where the operator chose that applications are not told (<c>Sessions:TellOnExpiry</c>): of a session that ran out, and of no other.</param>
    public Task<Ended> EndSessionAsync(Guid sessionId, RevocationReason reason, Initiator initiator, bool tell = true)
    {
        Require(reason, SessionsEnded.ThisOne);
        if (!tell && reason is not (RevocationReason.IdleTimeout or RevocationReason.AbsoluteTimeout))
        {
            throw new ArgumentException($"Applications are always told of {reason}.", nameof(tell));
        }

        return CommitAsync(reason, initiator, null, tell, async () => await LockAsync("id = {0} AND ended_at IS NULL", sessionId));
    }

    /// <summary>
    /// Ends what the policy says of a person's sessions: all, or all but <paramref name="present"/>.
    /// </summary>
    /// <param name="userId">The person.</param>
    /// <param name="present">
    /// The session that stays where the reason ends the others; null where the person chose to end that one too, and
    /// ignored where the reason ends all.
    /// </param>
    /// <param name="reason">Chooses the row of the policy table.</param>
    /// <param name="initiator">Who asked.</param>
    /// <param name="change">
    /// The act itself (a new password, say), run first and in the same transaction: either both are done or neither.
    /// When it answers false nothing is done.
    /// </param>
    public Task<Ended> EndPersonAsync(Guid userId, Guid? present, RevocationReason reason, Initiator initiator, Func<Task<bool>>? change = null)
    {
        var policy = RevocationPolicy.For(reason);
        if (policy.Sessions is SessionsEnded.ThisOne)
        {
            throw new ArgumentException($"{reason} ends one session and not a person's.", nameof(reason));
        }

        return CommitAsync(reason, initiator, userId, tell: true, async () =>
        {
            // A sign-in that is being written for this person holds the row shared: it is seen below, or sees the change.
            await db.Lock<User>(RowLock.Change, "id = {0}", userId).Select(u => u.Id).ToListAsync();
            if (change is not null && !await change())
            {
                return null;
            }

            return policy.Sessions is SessionsEnded.All || present is null
                ? await LockAsync("user_id = {0} AND ended_at IS NULL ORDER BY id", userId)
                : await LockAsync("user_id = {0} AND ended_at IS NULL AND id <> {1} ORDER BY id", userId, present.Value);
        });
    }

    private async Task<Ended> CommitAsync(RevocationReason reason, Initiator initiator, Guid? userId, bool tell, Func<Task<List<Locked>?>> find)
    {
        var ended = await db.InTransactionAsync(async () =>
        {
            var sessions = await find();
            if (sessions is null || (sessions.Count == 0 && userId is null))
            {
                return Ended.Nothing;
            }

            return await EndAsync(reason, initiator, userId ?? sessions[0].UserId, sessions, tell);
        });
        if (ended != Ended.Nothing)
        {
            signal.Ring();
            feed.Ring();
        }

        return ended;
    }

    private async Task<Ended> EndAsync(RevocationReason reason, Initiator initiator, Guid userId, List<Locked> sessions, bool tell)
    {
        var now = time.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var ids = sessions.ConvertAll(s => s.Id);
        await db.Set<UserSession>().Where(s => ids.Contains(s.Id)).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.EndedAt, now)
            .SetProperty(x => x.RevocationId, id));
        var tokens = RevocationPolicy.For(reason).Tokens;
        var revoked = await RevokeTokensAsync(tokens, userId, ids);
        var told = !tell ? 0 : await deliveries.PlanAsync(db, id, userId, ids, now, CancellationToken.None);
        db.Add(new RevocationRecord
        {
            Id = id,
            Reason = reason,
            Initiator = initiator.Name,
            UserId = userId,
            At = now,
            Sessions = ids.Count,
            RelyingParties = told,
        });
        FeedEntry Entry(string? sid) => new() { Sid = sid, UserId = userId, Reason = reason.Wire(), RevocationId = id, At = now };
        db.AddRange(sessions.Select(session => Entry(session.Sid)));
        if (tokens is TokensRevoked.AllOfPerson)
        {
            db.Add(Entry(null));
        }

        foreach (var session in sessions)
        {
            audit.Add(db, "session_ended", initiator.Name, userId, session.Id, new { reason = reason.Wire() });
        }

        // A person who is signed in nowhere may still have granted offline access.
        if (sessions.Count == 0 && revoked > 0)
        {
            audit.Add(db, "grants_revoked", initiator.Name, userId, details: new { reason = reason.Wire() });
        }

        if (sessions.Count > 0 || revoked > 0)
        {
            outbox.Add(db, new SessionsRevoked(id, reason.Wire(), userId.ToString(), sessions.ConvertAll(s => s.Sid), now, tokens is TokensRevoked.AllOfPerson));
        }

        await db.SaveChangesAsync();
        return new Ended(id, ids.Count, told);
    }

    /// <returns>How many grants and tokens died.</returns>
    private async Task<int> RevokeTokensAsync(TokensRevoked which, Guid userId, List<Guid> sessions)
    {
        var subject = userId.ToString();
        var grants = db.Set<Grant>().Where(g => g.Status == Statuses.Valid);
        var tokens = db.Set<IssuedToken>().Where(t => t.Status == Statuses.Valid);
        (grants, tokens) = which switch
        {
            TokensRevoked.AllOfPerson => (grants.Where(g => g.Subject == subject), tokens.Where(t => t.Subject == subject)),
            // Back-Channel Logout §2.7: a grant with consent to offline_access outlives the session it was made in.
            TokensRevoked.OfSessions => (
                grants.Where(g => !g.Offline && sessions.Contains(g.SessionId!.Value)),
                tokens.Where(t => sessions.Contains(t.SessionId!.Value) && !t.Authorization!.Offline)),
            _ => throw new UnreachableException(),
        };
        return await grants.ExecuteUpdateAsync(g => g.SetProperty(x => x.Status, Statuses.Revoked))
            + await tokens.ExecuteUpdateAsync(t => t.SetProperty(x => x.Status, Statuses.Revoked));
    }

    private Task<List<Locked>> LockAsync(string where, params object[] values) =>
        db.Lock<UserSession>(RowLock.Change, where, values).Select(s => new Locked(s.Id, s.Sid, s.UserId)).ToListAsync();

    private static void Require(RevocationReason reason, SessionsEnded expected)
    {
        if (RevocationPolicy.For(reason).Sessions != expected)
        {
            throw new ArgumentException($"{reason} does not end {expected}.", nameof(reason));
        }
    }

    private sealed record Locked(Guid Id, string Sid, Guid UserId);
}
