using IdentityHub.Audit;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.BackChannelLogout;

/// <summary>SQLite: one node, and whoever is in a transaction is alone in it.</summary>
internal sealed class SqliteDueDeliveries(HubDb db, AuditTrail audit) : DueDeliveries(db, audit)
{
    public override async Task<List<LogoutDelivery>> ClaimAsync(
        int room, int perRelyingParty, IReadOnlyDictionary<string, int> busy, DateTimeOffset now, DateTimeOffset until)
    {
        // Asked outside the transaction first: a look that finds nothing must not take the only write lock there is.
        if (!await Due(now).AnyAsync())
        {
            return [];
        }

        return await Db.InTransactionAsync(async () =>
        {
            List<LogoutDelivery> claimed = [];
            foreach (var client in await Due(now).Select(d => d.ClientId).Distinct().ToListAsync())
            {
                var free = perRelyingParty - busy.GetValueOrDefault(client);
                claimed.AddRange(await Due(now).Where(d => d.ClientId == client).OrderBy(d => d.NextAttemptAt).Take(Math.Max(free, 0)).AsNoTracking().ToListAsync());
            }

            claimed = [.. claimed.OrderBy(d => d.NextAttemptAt).Take(room)];
            var ids = claimed.Select(d => d.Id).ToList();
            await Db.Set<LogoutDelivery>().Where(d => ids.Contains(d.Id)).ExecuteUpdateAsync(d => d.SetProperty(x => x.LeasedUntil, until));
            claimed.ForEach(d => d.LeasedUntil = until);
            return claimed;
        });
    }

    protected override async Task<HashSet<Guid>> WriteAsync(IReadOnlyCollection<Settlement> settlements)
    {
        HashSet<Guid> written = [];
        foreach (var s in settlements)
        {
            DateTimeOffset? settledAt = s.Settled ? s.At : null;
            var rows = await Db.Set<LogoutDelivery>()
                .Where(d => d.Id == s.Delivery.Id && d.State == DeliveryState.Pending && d.LeasedUntil == s.Delivery.LeasedUntil)
                .ExecuteUpdateAsync(d => d
                    .SetProperty(x => x.State, s.State)
                    .SetProperty(x => x.Attempts, s.Attempts)
                    .SetProperty(x => x.NextAttemptAt, s.NextAttemptAt)
                    .SetProperty(x => x.LeasedUntil, (DateTimeOffset?)null)
                    .SetProperty(x => x.LastStatus, s.Outcome.Status)
                    .SetProperty(x => x.LastOutcome, s.Words)
                    .SetProperty(x => x.SettledAt, settledAt));
            if (rows == 1)
            {
                written.Add(s.Delivery.Id);
            }
        }

        return written;
    }

    private IQueryable<LogoutDelivery> Due(DateTimeOffset now) => Db.Set<LogoutDelivery>()
        .Where(d => d.State == DeliveryState.Pending && d.NextAttemptAt <= now && (d.LeasedUntil == null || d.LeasedUntil <= now));
}
