using System.Diagnostics;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Contracts;
using IdentityHub.Data;
using IdentityHub.Devices;
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
/// writes one delivery per session and relying party, the audit, the event and the mail to the person. Nothing here
/// waits for a network, and nothing hangs on the caller: there is no cancellation, so a closed connection changes
/// nothing about the outcome.
/// </summary>
/// <remarks>
/// Locks are taken in one order everywhere: person, session, grant, token. Issuing takes a share lock on the session
/// and on the grant before it writes (I2), so of a revocation and a request in flight one sees the other.
/// </remarks>
internal sealed class SessionRevoker(HubDb db, LogoutDeliveries deliveries, Outbox outbox, OutboxSignal signal, FeedSignal feed, Notices notices, AuditTrail audit, TimeProvider time)
{
    /// <summary>Ends one session. A session that has ended before is left as it is: <see cref="Ended.Nothing"/>.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">Chooses the row of the policy table.</param>
    /// <param name="initiator">Who asked.</param>
    /// <param name="tell">False where the operator chose that applications are not told (<c>Sessions:TellOnExpiry</c>): of a session that ran out, and of no other.</param>
    public Task<Ended> EndSessionAsync(Guid sessionId, RevocationReason reason, Initiator initiator, bool tell = true)
    {
        Require(reason, SessionsEnded.ThisOne);
        if (!tell && !RevocationPolicy.For(reason).MayGoUntold)
        {
            throw new ArgumentException($"Applications are always told of {reason}.", nameof(tell));
        }

        return CommitAsync(reason, initiator, null, tell, async () => Found(await db.LockByIndexesAsync<UserSession>(RowLock.Change, "id = {0} AND ended_at IS NULL", sessionId)));
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
        if (policy.Sessions is SessionsEnded.ThisOne or SessionsEnded.None)
        {
            throw new ArgumentException($"{reason} does not end a person's sessions.", nameof(reason));
        }

        return CommitAsync(reason, initiator, userId, tell: true, async () =>
        {
            // A sign-in that is being written for this person holds the row shared: it is seen below, or sees the change.
            await db.LockByIndexesAsync<User>(RowLock.Change, "id = {0}", userId);
            var former = policy.LeavesNoAddress ? await Notices.AddresseeAsync(db, userId) : null;
            if (change is not null && !await change())
            {
                return null;
            }

            if (former is not null)
            {
                notices.TellFormer(db, former, reason, time.GetUtcNow());
            }

            return policy.Sessions is SessionsEnded.All || present is null
                ? await LockAsync("user_id = {0} AND ended_at IS NULL ORDER BY id", userId)
                : await LockAsync("user_id = {0} AND ended_at IS NULL AND id <> {1} ORDER BY id", userId, present.Value);
        });
    }

    /// <summary>
    /// Ends some of the sessions that an act on many covers, those that are still live. In the transaction of the
    /// caller, who records how far the act has come in the same commit.
    /// </summary>
    public async Task<EndedOfMany> EndOfManyAsync(MassRevocation mass, List<Guid> sessionIds)
    {
        Require(mass.Reason, SessionsEnded.OfMany);
        // The order within a person is that of the other acts, so that two of them wait for each other and never in a ring.
        var sessions = db is PostgresHubDb
            ? await LockAsync("id = ANY({0}) AND ended_at IS NULL ORDER BY user_id, id", sessionIds.ToArray())
            : await db.Set<UserSession>().Where(s => sessionIds.Contains(s.Id) && s.EndedAt == null).Select(s => new Locked(s.Id, s.Sid, s.UserId)).ToListAsync();
        var people = sessions.GroupBy(s => s.UserId).Select(p => new OfPerson(p.Key, [.. p], NewId())).ToList();
        var told = people.Count == 0 ? 0 : await EndAsync(mass.Reason, new Initiator(mass.Initiator), people, tell: true, mass);
        return new(sessions.Count, people.Count, told);
    }

    /// <summary>The same for people who are signed in nowhere, but have granted an application access for longer.</summary>
    public async Task<EndedOfMany> EndGrantsOfManyAsync(MassRevocation mass, List<Guid> people)
    {
        Require(mass.Reason, SessionsEnded.OfMany);
        await EndAsync(mass.Reason, new Initiator(mass.Initiator), people.ConvertAll(p => new OfPerson(p, [], NewId())), tell: true, mass);
        return new(0, people.Count, 0);
    }

    private async Task<Ended> CommitAsync(RevocationReason reason, Initiator initiator, Guid? userId, bool tell, Func<Task<List<Locked>?>> find)
    {
        // Nothing ended is nothing done: what the act wrote before it refused is taken back.
        return await db.InTransactionAsync(
            async () =>
            {
                var sessions = await find();
                if (sessions is null || (sessions.Count == 0 && userId is null))
                {
                    return Ended.Nothing;
                }

                OfPerson person = new(userId ?? sessions[0].UserId, sessions, NewId());
                var told = await EndAsync(reason, initiator, [person], tell);
                return new Ended(person.RevocationId, sessions.Count, told);
            },
            keep: ended => ended != Ended.Nothing);
    }

    /// <summary>
    /// Ends the sessions of the people, each person with a record, an event and deliveries of their own. Their rows, or
    /// the row of the person, are locked by the caller.
    /// </summary>
    /// <returns>How many deliveries were made.</returns>
    private async Task<int> EndAsync(RevocationReason reason, Initiator initiator, List<OfPerson> people, bool tell, MassRevocation? mass = null)
    {
        var now = time.GetUtcNow();
        var revoked = await EndRowsAndTokensAsync(RevocationPolicy.For(reason).Tokens, people, mass, now);
        if (RevocationPolicy.For(reason).ForgetsTrust)
        {
            var users = people.ConvertAll(p => p.UserId);
            await db.Set<KnownDevice>().Where(d => users.Contains(d.UserId) && d.TrustedUntil != null)
                .ExecuteUpdateAsync(d => d.SetProperty(x => x.TrustedUntil, (DateTimeOffset?)null));
        }

        var told = tell
            ? await deliveries.PlanAsync(db, people.SelectMany(p => p.Sessions.Select(s => (s.Id, p.RevocationId))).ToDictionary(), now, CancellationToken.None)
            : new Dictionary<Guid, int>();
        foreach (var person in people)
        {
            Record(reason, initiator, person, told.GetValueOrDefault(person.RevocationId), now, mass, revoked > 0);
        }

        await notices.AddAsync(db, reason, people.ConvertAll(p => p.UserId), now);
        await db.SaveOrFailAsync();
        db.AfterCommit(signal.Ring);
        db.AfterCommit(feed.Ring);
        return told.Values.Sum();
    }

    /// <returns>How many grants and tokens died.</returns>
    private async Task<int> EndRowsAndTokensAsync(TokensRevoked which, List<OfPerson> people, MassRevocation? mass, DateTimeOffset now)
    {
        if (mass is null && db is PostgresHubDb)
        {
            var (person, sessions) = (people[0], people[0].Sessions.ConvertAll(s => s.Id).ToArray());
            return which switch
            {
                TokensRevoked.OfSessions => await PostgresRevocation.EndAsync(db, sessions, person.RevocationId, now),
                TokensRevoked.AllOfPerson => await PostgresRevocation.EndWithAllOfAsync(db, person.UserId.ToString(), sessions, person.RevocationId, now),
                _ => throw new UnreachableException(),
            };
        }

        await EndRowsAsync(people, now);
        return await RevokeTokensAsync(which, people, mass);
    }

    private async Task EndRowsAsync(List<OfPerson> people, DateTimeOffset now)
    {
        if (people.Count > 1 && db is PostgresHubDb)
        {
            var (ids, acts) = (people.SelectMany(p => p.Sessions, (_, s) => s.Id).ToArray(), people.SelectMany(p => p.Sessions, (p, _) => p.RevocationId).ToArray());
            await db.Database.ExecuteSqlAsync(
                $"UPDATE user_sessions s SET ended_at = {now}, revocation_id = e.act FROM unnest({ids}, {acts}) AS e (id, act) WHERE s.id = e.id");
            return;
        }

        foreach (var person in people.Where(p => p.Sessions.Count > 0))
        {
            var ids = person.Sessions.ConvertAll(s => s.Id);
            await db.Set<UserSession>().Where(s => ids.Contains(s.Id)).ExecuteUpdateAsync(s => s
                .SetProperty(x => x.EndedAt, now)
                .SetProperty(x => x.RevocationId, person.RevocationId));
        }
    }

    private void Record(RevocationReason reason, Initiator initiator, OfPerson person, int told, DateTimeOffset now, MassRevocation? mass, bool grantsRevoked)
    {
        db.Add(new RevocationRecord
        {
            Id = person.RevocationId,
            Reason = reason,
            Initiator = initiator.Name,
            UserId = person.UserId,
            At = now,
            Sessions = person.Sessions.Count,
            RelyingParties = told,
            MassRevocationId = mass?.Id,
        });
        // Of many, each was refused from the first instant of the act on.
        var at = mass?.StartedAt ?? now;
        var allTokens = RevocationPolicy.For(reason).Tokens is TokensRevoked.AllOfPerson;
        FeedEntry Entry(string? sid) => new() { Sid = sid, UserId = person.UserId, Reason = reason.Wire(), RevocationId = person.RevocationId, At = at };
        db.AddRange(person.Sessions.Select(session => Entry(session.Sid)));
        if (allTokens)
        {
            db.Add(Entry(null));
        }

        foreach (var session in person.Sessions)
        {
            audit.Add(db, "session_ended", initiator.Name, person.UserId, session.Id, new { reason = reason.Wire() });
        }

        // A person who is signed in nowhere may still have granted offline access.
        if (person.Sessions.Count == 0 && grantsRevoked)
        {
            audit.Add(db, "grants_revoked", initiator.Name, person.UserId, details: new { reason = reason.Wire() });
        }

        if (person.Sessions.Count > 0 || grantsRevoked)
        {
            outbox.Add(db, new SessionsRevoked(person.RevocationId, reason.Wire(), person.UserId.ToString(), person.Sessions.ConvertAll(s => s.Sid), at, allTokens));
        }
    }

    private async Task<int> RevokeTokensAsync(TokensRevoked which, List<OfPerson> people, MassRevocation? mass)
    {
        var subjects = people.ConvertAll(p => p.UserId.ToString());
        var sessions = people.SelectMany(p => p.Sessions.Select(s => s.Id)).ToList();
        // "Not null" is said, although no list holds one: else EF Core asks for both, and no index answers that.
        var grants = db.Set<Grant>().Where(g => g.Status == Statuses.Valid && g.Subject != null);
        var tokens = db.Set<IssuedToken>().Where(t => t.Status == Statuses.Valid && t.Subject != null);
        // What many lose was made before the act; what they sign in to while it goes on is theirs.
        var before = mass?.Before.UtcDateTime;
        (grants, tokens) = which switch
        {
            TokensRevoked.AllOfPerson when mass is null => (grants.Where(g => subjects.Contains(g.Subject!)), tokens.Where(t => subjects.Contains(t.Subject!))),
            TokensRevoked.AllOfPerson => (
                grants.Where(g => subjects.Contains(g.Subject!) && g.CreationDate <= before),
                tokens.Where(t => subjects.Contains(t.Subject!) && ((t.SessionId != null && sessions.Contains(t.SessionId.Value)) || t.Authorization!.CreationDate <= before))),
            // Back-Channel Logout §2.7: a grant with consent to offline_access outlives the session it was made in.
            TokensRevoked.OfSessions => (
                grants.Where(g => !g.Offline && g.SessionId != null && sessions.Contains(g.SessionId.Value)),
                tokens.Where(t => t.SessionId != null && sessions.Contains(t.SessionId.Value) && !t.Authorization!.Offline)),
            TokensRevoked.OfSessionsAndRelyingParty => (
                grants.Where(g => (!g.Offline && g.SessionId != null && sessions.Contains(g.SessionId.Value))
                    || (subjects.Contains(g.Subject!) && g.Application!.ClientId == mass!.ClientId && g.CreationDate <= before)),
                tokens.Where(t => (t.SessionId != null && sessions.Contains(t.SessionId.Value) && !t.Authorization!.Offline)
                    || (subjects.Contains(t.Subject!) && t.Application!.ClientId == mass!.ClientId && t.Authorization!.CreationDate <= before))),
            _ => throw new UnreachableException(),
        };
        return await grants.ExecuteUpdateAsync(g => g.SetProperty(x => x.Status, Statuses.Revoked))
            + await tokens.ExecuteUpdateAsync(t => t.SetProperty(x => x.Status, Statuses.Revoked));
    }

    private static List<Locked> Found(List<UserSession> sessions) => sessions.ConvertAll(s => new Locked(s.Id, s.Sid, s.UserId));

    private Task<List<Locked>> LockAsync(string where, params object[] values) =>
        db.Lock<UserSession>(RowLock.Change, where, values).Select(s => new Locked(s.Id, s.Sid, s.UserId)).ToListAsync();

    private static void Require(RevocationReason reason, SessionsEnded expected)
    {
        if (RevocationPolicy.For(reason).Sessions != expected)
        {
            throw new ArgumentException($"{reason} does not end {expected}.", nameof(reason));
        }
    }

    private Guid NewId() => Guid.CreateVersion7(time.GetUtcNow());

    private sealed record Locked(Guid Id, string Sid, Guid UserId);

    /// <summary>What ends of one person, under one act.</summary>
    private sealed record OfPerson(Guid UserId, List<Locked> Sessions, Guid RevocationId);
}
