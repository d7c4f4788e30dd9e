using System.Globalization;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>Plans who is to be told of an act of revocation, and answers how far that has come.</summary>
internal sealed class LogoutDeliveries(HubDb own, FirstAttempts firstAttempts, IOptions<BackChannelLogoutOptions> options, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Adds a delivery for each of the sessions and each relying party in it that has a receiver (I3). Called in the
    /// transaction that holds the session rows and ends them; doing it twice adds nothing.
    /// </summary>
    /// <returns>How many were added.</returns>
    public async Task<int> PlanAsync(HubDb db, Guid revocationId, Guid userId, IReadOnlyCollection<Guid> sessionIds, DateTimeOffset now, CancellationToken cancel)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("Deliveries are planned in the transaction that ends the sessions: outside of one, a crash would end sessions that nobody is told of.");
        }

        var giveUpAt = now + options.Value.GiveUpAfter;
        return db is PostgresHubDb
            ? await InsertAsync(db, revocationId, userId, sessionIds, now, giveUpAt, cancel)
            : await AddAsync(db, revocationId, userId, sessionIds, now, giveUpAt, cancel);
    }

    /// <summary>
    /// Returns as soon as every delivery of the act has been tried once or is over, or <paramref name="bound"/> has
    /// passed. The rows are asked, since the dispatcher may be another node; one in this process wakes us sooner. An
    /// application that this node knows not to answer is not waited for.
    /// </summary>
    public async Task WaitForFirstAttemptsAsync(Guid revocationId, TimeSpan bound, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var pause = ShortestPause;
        using var tried = firstAttempts.Watch(revocationId);
        while (true)
        {
            var silent = firstAttempts.Silent;
            if (!await own.Set<LogoutDelivery>().AnyAsync(
                d => d.RevocationId == revocationId && d.State == DeliveryState.Pending && d.Attempts == 0 && !silent.Contains(d.ClientId), cancel))
            {
                return;
            }

            var left = bound - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            await tried.WaitAsync(pause < left ? pause : left, cancel);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
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

    // The identifiers are version 7 as everywhere, so that new rows lie together in the index; this PostgreSQL may be
    // one that cannot make them (before 18), hence the time in front of random digits.
    private static Task<int> InsertAsync(
        HubDb db, Guid revocationId, Guid userId, IReadOnlyCollection<Guid> sessionIds, DateTimeOffset now, DateTimeOffset giveUpAt, CancellationToken cancel)
    {
        var (ids, subject) = (sessionIds.ToArray(), userId.ToString());
        var idPrefix = now.ToUnixTimeMilliseconds().ToString("x12", CultureInfo.InvariantCulture) + "7";
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO logout_deliveries
                (id, revocation_id, session_id, client_id, sid, subject, created_at, state, next_attempt_at, give_up_at, attempts)
            SELECT ({idPrefix} || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
                {revocationId}, s.id, p.client_id, s.sid, {subject}, {now}, 'Pending', {now}, {giveUpAt}, 0
            FROM user_sessions s
            JOIN session_participants p ON p.session_id = s.id
            JOIN relying_parties r ON r.client_id = p.client_id AND r.back_channel_logout_uri IS NOT NULL
            WHERE s.id = ANY({ids}) AND s.user_id = {userId}
            ON CONFLICT (session_id, client_id) DO NOTHING
            """,
            cancel);
    }

    private static async Task<int> AddAsync(
        HubDb db, Guid revocationId, Guid userId, IReadOnlyCollection<Guid> sessionIds, DateTimeOffset now, DateTimeOffset giveUpAt, CancellationToken cancel)
    {
        var missing = await (
            from s in db.Set<UserSession>()
            join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
            where sessionIds.Contains(s.Id) && s.UserId == userId && r.BackChannelLogoutUri != null
                && !db.Set<LogoutDelivery>().Any(d => d.SessionId == s.Id && d.ClientId == p.ClientId)
            select new { s.Id, s.Sid, p.ClientId }).ToListAsync(cancel);
        db.AddRange(missing.Select(m => new LogoutDelivery
        {
            Id = Guid.CreateVersion7(now),
            RevocationId = revocationId,
            SessionId = m.Id,
            ClientId = m.ClientId,
            Sid = m.Sid,
            Subject = userId.ToString(),
            CreatedAt = now,
            State = DeliveryState.Pending,
            NextAttemptAt = now,
            GiveUpAt = giveUpAt,
        }));
        await db.SaveChangesAsync(cancel);
        return missing.Count;
    }
}
