using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.BackChannelLogout;

/// <summary>SQLite: one node, and whoever is in a transaction is alone in it.</summary>
internal sealed class SqliteDueDeliveries(HubDb db, AuditTrail audit) : DueDeliveries(db, audit)
{
    public override async Task<List<LogoutDelivery>> ClaimAsync(Allowance allowance, int perRelyingParty, DateTimeOffset now, DateTimeOffset until)
    {
        // Asked outside the transaction first: a look that finds nothing must not take the only write lock there is.
        if (!await Due(now).AnyAsync())
        {
            return [];
        }

        // Raw SQL converts nothing: instants are microseconds here, as SqliteHubDb keeps them. A LIMIT cannot name a
        // column, so of each the limit is read, and what is above it with those under way is left out by its turn.
        var (nowStored, untilStored, used) = (Stored(now), Stored(until), JsonSerializer.Serialize(allowance.Busy));
        return await Db.Set<LogoutDelivery>().FromSql(
            $"""
            WITH RECURSIVE clients (client_id) AS (
                SELECT min(client_id) FROM logout_deliveries WHERE next_attempt_at IS NOT NULL
                UNION ALL
                SELECT (SELECT min(d.client_id) FROM logout_deliveries d WHERE d.next_attempt_at IS NOT NULL AND d.client_id > c.client_id)
                FROM clients c WHERE c.client_id IS NOT NULL
            ), candidates AS (
                SELECT d.id, d.next_attempt_at,
                    coalesce((SELECT value FROM json_each({used}) WHERE key = c.client_id), 0)
                        + row_number() OVER (PARTITION BY d.client_id ORDER BY d.next_attempt_at) AS turn
                FROM clients c
                JOIN logout_deliveries d ON d.id IN (
                    SELECT o.id FROM logout_deliveries o
                    WHERE o.client_id = c.client_id AND o.next_attempt_at <= {nowStored}
                      AND (o.leased_until IS NULL OR o.leased_until <= {nowStored})
                    ORDER BY o.next_attempt_at LIMIT {allowance.Share})
            ), placed AS (
                SELECT id, turn, row_number() OVER (ORDER BY turn, next_attempt_at) AS place FROM candidates WHERE turn <= {perRelyingParty}
            )
            UPDATE logout_deliveries SET leased_until = {untilStored}
            WHERE id IN (SELECT id FROM placed WHERE place <= {allowance.Room} OR turn = 1)
            RETURNING *
            """).AsNoTracking().ToListAsync();
    }

    protected override async Task<HashSet<Guid>> WriteAsync(IReadOnlyCollection<Settlement> settlements)
    {
        HashSet<Guid> written = [];
        foreach (var s in settlements)
        {
            var rows = await Db.Set<LogoutDelivery>()
                .Where(d => d.Id == s.Delivery.Id && d.LeasedUntil == s.Delivery.LeasedUntil)
                .ExecuteUpdateAsync(d => d
                    .SetProperty(x => x.State, s.State)
                    .SetProperty(x => x.Attempts, s.Attempts)
                    .SetProperty(x => x.NextAttemptAt, s.NextAttemptAt)
                    .SetProperty(x => x.LeasedUntil, (DateTimeOffset?)null)
                    .SetProperty(x => x.LastStatus, s.Outcome.Status)
                    .SetProperty(x => x.LastOutcome, s.Words)
                    .SetProperty(x => x.SettledAt, s.SettledAt));
            if (rows == 1)
            {
                written.Add(s.Delivery.Id);
            }
        }

        return written;
    }

    private static long Stored(DateTimeOffset instant) => (instant - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private IQueryable<LogoutDelivery> Due(DateTimeOffset now) => Db.Set<LogoutDelivery>()
        .Where(d => d.NextAttemptAt <= now && (d.LeasedUntil == null || d.LeasedUntil <= now));
}
