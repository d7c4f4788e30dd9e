using IdentityHub.Audit;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// PostgreSQL: one statement claims, one settles; SKIP LOCKED lets the dispatchers of all nodes share. The relying
/// parties with open deliveries are found by hopping along the index, and of each only its oldest rows are touched:
/// a hundred thousand rows that wait for one hanging application cost the others nothing (I6).
/// <para>
/// Of a queue the planner's statistics are always wrong: it believes that few rows are due, fetches and sorts them all, or
/// reads the table. So each statement is told to go by the indexes, in their order; and since there is nothing left to
/// weigh, to keep its plan: to make it anew for every batch cost as much as to carry it out.
/// </para>
/// </summary>
internal sealed class PostgresDueDeliveries(HubDb db, AuditTrail audit) : DueDeliveries(db, audit)
{
    public override Task<List<LogoutDelivery>> ClaimAsync(Allowance allowance, int perRelyingParty, DateTimeOffset now, DateTimeOffset until) => Db.InTransactionAsync(async () =>
    {
        var (clients, counts) = (allowance.Busy.Keys.ToArray(), allowance.Busy.Values.ToArray());
        // A claim that a crash of the server loses was for nobody: the rows are due, as if they had not been claimed.
        return await Db.Set<LogoutDelivery>().FromSql(TransactionSettings.AtEase(TransactionSettings.GoingByIndexes(
            $"""
            WITH RECURSIVE clients (client_id) AS (
                (SELECT client_id FROM logout_deliveries WHERE next_attempt_at IS NOT NULL ORDER BY client_id, next_attempt_at LIMIT 1)
                UNION ALL
                SELECT (SELECT d.client_id FROM logout_deliveries d
                        WHERE d.next_attempt_at IS NOT NULL AND d.client_id > c.client_id ORDER BY d.client_id, d.next_attempt_at LIMIT 1)
                FROM clients c WHERE c.client_id IS NOT NULL
            ), candidates AS (
                SELECT oldest.id, oldest.next_attempt_at,
                    coalesce(busy.count, 0) + row_number() OVER (PARTITION BY c.client_id ORDER BY oldest.next_attempt_at) AS turn
                FROM clients c
                LEFT JOIN unnest({clients}, {counts}) AS busy (client_id, count) ON busy.client_id = c.client_id
                CROSS JOIN LATERAL (
                    SELECT d.id, d.next_attempt_at FROM logout_deliveries d
                    WHERE d.client_id = c.client_id AND d.next_attempt_at <= {now}
                      AND (d.leased_until IS NULL OR d.leased_until <= {now})
                    ORDER BY d.next_attempt_at
                    LIMIT {allowance.Share}
                    FOR UPDATE SKIP LOCKED
                ) oldest
                WHERE coalesce(busy.count, 0) < {perRelyingParty}
            ), due AS (
                SELECT id FROM (SELECT id, turn, row_number() OVER (ORDER BY turn, next_attempt_at) AS place FROM candidates) AS placed
                WHERE turn <= {perRelyingParty} AND (place <= {allowance.Room} OR turn = 1)
            )
            UPDATE logout_deliveries d SET leased_until = {until} FROM due WHERE d.id = due.id
            RETURNING d.*
            """))).AsNoTracking().ToListAsync();
    });

    protected override async Task<HashSet<Guid>> WriteAsync(IReadOnlyCollection<Settlement> settlements)
    {
        var ids = settlements.Select(s => s.Delivery.Id).ToArray();
        var leases = settlements.Select(s => s.Delivery.LeasedUntil!.Value).ToArray();
        var states = settlements.Select(s => s.State.ToString()).ToArray();
        var attempts = settlements.Select(s => s.Attempts).ToArray();
        var nexts = settlements.Select(s => s.NextAttemptAt).ToArray();
        var statuses = settlements.Select(s => s.Outcome.Status ?? 0).ToArray();
        var words = settlements.Select(s => s.Words).ToArray();
        var settled = settlements.Select(s => s.SettledAt).ToArray();
        return [.. await Db.Database.SqlQuery<Guid>(TransactionSettings.GoingByIndexes(
            $"""
            UPDATE logout_deliveries d
            SET state = s.state, attempts = s.attempts, next_attempt_at = s.next_attempt_at, leased_until = NULL,
                last_status = nullif(s.status, 0), last_outcome = s.words,
                settled_at = s.settled_at
            FROM unnest({ids}, {leases}, {states}, {attempts}, {nexts}, {statuses}, {words}, {settled})
                AS s (id, lease, state, attempts, next_attempt_at, status, words, settled_at)
            WHERE d.id = s.id AND d.leased_until = s.lease
            RETURNING d.id
            """)).ToListAsync()];
    }
}
