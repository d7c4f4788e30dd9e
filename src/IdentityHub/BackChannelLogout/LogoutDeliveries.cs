using System.Globalization;
using IdentityHub.Data;
using IdentityHub.Messaging;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>Plans who is to be told of an act of revocation, and answers how far that has come.</summary>
internal sealed class LogoutDeliveries(HubDb own, FirstAttempts firstAttempts, IOptions<BackChannelLogoutOptions> options, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Adds a delivery for each of the sessions and each relying party in it that has a receiver (I3). Called in the
    /// transaction that holds the session rows and ends them; doing it twice adds nothing.
    /// </summary>
    /// <param name="db">The unit of work of the act.</param>
    /// <param name="sessions">The sessions, each with the act of revocation that ends it.</param>
    /// <param name="now">The instant of the act.</param>
    /// <param name="cancel">Stops the planning, and with it the act.</param>
    /// <param name="only">The one relying party it is about, where its own sessions end and the hub's go on.</param>
    /// <returns>How many were added, by act; an act without any is not in it.</returns>
    public async Task<IReadOnlyDictionary<Guid, int>> PlanAsync(HubDb db, IReadOnlyDictionary<Guid, Guid> sessions, DateTimeOffset now, CancellationToken cancel, string? only = null)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Deliveries are planned in the transaction that ends the sessions: outside of one, a crash would end sessions that nobody is told of.");
        }

        var added = db is PostgresHubDb
            ? await InsertAsync(db, sessions, only, now, cancel)
            : await AddAsync(db, sessions, only, now, cancel);
        return added.CountBy(id => id).ToDictionary();
    }

    /// <summary>
    /// Returns as soon as every delivery of the act has been tried once or is over, or <paramref name="bound"/> has
    /// passed. What this process tries it knows at once; the rows are asked now and then, since the dispatcher may be
    /// another node. An application that this node knows not to answer is not waited for.
    /// </summary>
    /// <param name="revocationId">The act, just committed.</param>
    /// <param name="planned">How many deliveries it made.</param>
    /// <param name="bound">The longest wait.</param>
    /// <param name="cancel">Nobody waits any more.</param>
    public async Task WaitForFirstAttemptsAsync(Guid revocationId, int planned, TimeSpan bound, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var pause = ShortestPause;
        using var tried = firstAttempts.Watch(revocationId);
        // Null as long as counting is enough: where this node tries them all, the rows are never asked.
        List<Untried>? open = null;
        while (true)
        {
            var silent = firstAttempts.Silent;
            if (open is null && silent.Count > 0)
            {
                open = await UntriedAsync(revocationId, cancel);
            }

            open?.RemoveAll(d => tried.Knows(d.Id) || silent.Contains(d.ClientId));
            var left = bound - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero || (open is null ? tried.Count >= planned : open.Count == 0))
            {
                return;
            }

            if (!await tried.RingsAsync(pause < left ? pause : left, cancel))
            {
                open = await UntriedAsync(revocationId, cancel);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
    }

    public async Task<IReadOnlyList<DeliveryView>> OfRevocationAsync(Guid revocationId) => await (
        from d in own.Set<LogoutDelivery>()
        join r in own.Set<RelyingParty>() on d.ClientId equals r.ClientId into registered
        from r in registered.DefaultIfEmpty()
        where d.RevocationId == revocationId
        orderby r.DisplayName ?? d.ClientId, d.Id
        select new DeliveryView(
            d.ClientId, r.DisplayName ?? d.ClientId, d.State, d.Attempts, d.LastOutcome, d.State == DeliveryState.Pending ? d.NextAttemptAt : null)).ToListAsync();

    private Task<List<Untried>> UntriedAsync(Guid revocationId, CancellationToken cancel) => own.Set<LogoutDelivery>()
        .Where(d => d.RevocationId == revocationId && d.State == DeliveryState.Pending && d.Attempts == 0)
        .Select(d => new Untried(d.Id, d.ClientId)).ToListAsync(cancel);

    // The identifiers are version 7 as everywhere, so that new rows lie together in the index; this PostgreSQL may be
    // one that cannot make them (before 18), hence the time in front of random digits.
    private async Task<List<Guid>> InsertAsync(HubDb db, IReadOnlyDictionary<Guid, Guid> sessions, string? only, DateTimeOffset now, CancellationToken cancel)
    {
        var (horizon, recent, again) = (options.Value.GiveUpAfter, now - options.Value.RingAgainWithin, now + options.Value.RingAgainAfter);
        var (ids, acts, trace) = (sessions.Keys.ToArray(), sessions.Values.ToArray(), TraceContext.Current);
        var idPrefix = now.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + "7";
        return await db.Database.SqlQuery<Guid>(
            $"""
            INSERT INTO logout_deliveries
                (id, revocation_id, session_id, client_id, sid, subject, created_at, state, next_attempt_at, give_up_at, ring_again_at, attempts, withdrawal, trace_parent)
            SELECT ({idPrefix} || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
                ended.act, s.id, p.client_id, s.sid, s.user_id::text, {now}, 'Pending', {now},
                {now} + coalesce(r.give_up_after * interval '1 second', {horizon}), CASE WHEN p.last_code_at > {recent} THEN {again} END, 0, {only != null}, {trace}
            FROM unnest({ids}, {acts}) AS ended (id, act)
            JOIN user_sessions s ON s.id = ended.id
            JOIN session_participants p ON p.session_id = s.id
            JOIN relying_parties r ON r.client_id = p.client_id AND r.back_channel_logout_uri IS NOT NULL
            WHERE {only}::text IS NULL OR p.client_id = {only}
            ON CONFLICT (session_id, client_id) WHERE NOT withdrawal DO NOTHING
            RETURNING revocation_id AS "Value"
            """).ToListAsync(cancel);
    }

    private async Task<List<Guid>> AddAsync(HubDb db, IReadOnlyDictionary<Guid, Guid> sessions, string? only, DateTimeOffset now, CancellationToken cancel)
    {
        var (horizon, recent, again) = (options.Value.GiveUpAfter, now - options.Value.RingAgainWithin, now + options.Value.RingAgainAfter);
        var ids = sessions.Keys.ToList();
        var missing = await (
            from s in db.Set<UserSession>()
            join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
            where ids.Contains(s.Id) && r.BackChannelLogoutUri != null && (only == null || p.ClientId == only)
                && !db.Set<LogoutDelivery>().Any(d => d.SessionId == s.Id && d.ClientId == p.ClientId && !d.Withdrawal && only == null)
            select new { s.Id, s.Sid, s.UserId, p.ClientId, p.LastCodeAt, r.GiveUpAfter }).ToListAsync(cancel);
        db.AddRange(missing.Select(m => new LogoutDelivery
        {
            Id = Guid.CreateVersion7(now),
            RevocationId = sessions[m.Id],
            SessionId = m.Id,
            ClientId = m.ClientId,
            Sid = m.Sid,
            Subject = m.UserId.ToString(),
            CreatedAt = now,
            State = DeliveryState.Pending,
            Withdrawal = only is not null,
            NextAttemptAt = now,
            GiveUpAt = now + (m.GiveUpAfter ?? horizon),
            TraceParent = TraceContext.Current,
            RingAgainAt = m.LastCodeAt > recent ? again : null,
        }));
        await db.SaveChangesAsync(cancel);
        return missing.ConvertAll(m => sessions[m.Id]);
    }

    private readonly record struct Untried(Guid Id, string ClientId);
}
