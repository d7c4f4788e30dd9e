using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>The deliveries that came to nothing, for whoever answers for them: how many, which, and to be tried anew.</summary>
internal sealed class UnansweredDeliveries(HubDb db, AuditTrail audit, Doorbell doorbell, IOptions<BackChannelLogoutOptions> options, TimeProvider time)
{
    private const int Batch = 500;

    /// <summary>How many there are of each relying party that has any.</summary>
    public async Task<IReadOnlyList<UnansweredCount>> CountAsync() => await Unanswered(null)
        .GroupBy(d => d.ClientId)
        .OrderBy(g => g.Key)
        .Select(g => new UnansweredCount(g.Key, g.Count(d => d.State == DeliveryState.Rejected), g.Count(d => d.State == DeliveryState.Unconfirmed)))
        .ToListAsync();

    /// <summary>The latest, at most <paramref name="most"/>.</summary>
    /// <param name="clientId">Of one relying party, or null for all.</param>
    /// <param name="most">At least 1.</param>
    public async Task<IReadOnlyList<LogoutDelivery>> ListAsync(string? clientId, int most) =>
        await Unanswered(clientId).AsNoTracking().OrderByDescending(d => d.SettledAt).Take(most).ToListAsync();

    /// <summary>
    /// Has them tried anew, with the whole horizon before them. Each is audited; the attempts made so far stay counted.
    /// </summary>
    /// <param name="actor">Who asked, as the audit shows it.</param>
    /// <param name="clientId">Those of one relying party, or null for all.</param>
    /// <param name="deliveryId">One of them, or null for all.</param>
    /// <param name="revocationId">Those of one act of revocation, or null for all.</param>
    /// <returns>How many there were.</returns>
    public async Task<int> RingAgainAsync(string actor, string? clientId = null, Guid? deliveryId = null, Guid? revocationId = null)
    {
        // What comes to nothing again while this runs is not rung a second time.
        var (before, rung, batch) = (time.GetUtcNow(), 0, 0);
        do
        {
            rung += batch = await RingBatchAsync(actor, Unanswered(clientId).Where(d =>
                d.SettledAt <= before && (deliveryId == null || d.Id == deliveryId) && (revocationId == null || d.RevocationId == revocationId)));
        }
        while (batch == Batch);
        return rung;
    }

    private Task<int> RingBatchAsync(string actor, IQueryable<LogoutDelivery> which) => db.InTransactionAsync(async () =>
    {
        var rows = await which.AsNoTracking().OrderBy(d => d.Id).Take(Batch).ToListAsync();
        var (clients, now) = (rows.Select(d => d.ClientId).Distinct().ToList(), time.GetUtcNow());
        var horizons = await db.Set<RelyingParty>().Where(r => clients.Contains(r.ClientId!) && r.GiveUpAfter != null).ToDictionaryAsync(r => r.ClientId!, r => r.GiveUpAfter!.Value);
        foreach (var ofClient in rows.GroupBy(d => d.ClientId))
        {
            var ids = ofClient.Select(d => d.Id).ToList();
            var giveUpAt = now + horizons.GetValueOrDefault(ofClient.Key, options.Value.GiveUpAfter);
            await which.Where(d => ids.Contains(d.Id)).ExecuteUpdateAsync(d => d
                .SetProperty(x => x.State, DeliveryState.Pending)
                .SetProperty(x => x.NextAttemptAt, now)
                .SetProperty(x => x.GiveUpAt, giveUpAt)
                .SetProperty(x => x.SettledAt, (DateTimeOffset?)null));
        }

        rows.ForEach(d => audit.Add(db, "logout_redriven", actor, Guid.TryParse(d.Subject, out var person) ? person : null, d.SessionId, new { client = d.ClientId, was = d.State.ToString() }));
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();
        db.AfterCommit(doorbell.Ring);
        return rows.Count;
    });

    // As the index says it, so that it is used.
    private IQueryable<LogoutDelivery> Unanswered(string? clientId) => db.Set<LogoutDelivery>()
        .Where(d => (d.State == DeliveryState.Rejected || d.State == DeliveryState.Unconfirmed) && (clientId == null || d.ClientId == clientId));
}

/// <param name="ClientId">The relying party.</param>
/// <param name="Rejected">It answered that it will not.</param>
/// <param name="Unconfirmed">It never answered until the horizon.</param>
internal sealed record UnansweredCount(string ClientId, int Rejected, int Unconfirmed);
