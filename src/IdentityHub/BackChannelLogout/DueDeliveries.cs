using IdentityHub.Audit;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// The queue that the rows are: what is due is claimed for a while, and settled by whoever still holds the claim. A
/// claim that runs out, because its node died, is due again.
/// </summary>
internal abstract class DueDeliveries(HubDb db, AuditTrail audit)
{
    protected HubDb Db => db;

    public static DueDeliveries In(HubDb db, AuditTrail audit) =>
        db is PostgresHubDb ? new PostgresDueDeliveries(db, audit) : new SqliteDueDeliveries(db, audit);

    /// <summary>
    /// Claims due deliveries: of each relying party the longest due, at most its share and at most
    /// <paramref name="perRelyingParty"/> less those that the <paramref name="allowance"/> says are used up. They take turns:
    /// the first of each goes before the second of any, so that the old rows of one that is behind never stand before the
    /// fresh ones of another. At most what there is room for, and beyond it one of each relying party that has nothing
    /// under way (I6).
    /// Not to be cancelled: a claim whose answer nobody waited for would keep its rows from everybody for as long as it lasts.
    /// </summary>
    public abstract Task<List<LogoutDelivery>> ClaimAsync(Allowance allowance, int perRelyingParty, DateTimeOffset now, DateTimeOffset until);

    /// <summary>Writes what the attempts came to, with an audit entry for each that is decided, in one transaction.</summary>
    /// <returns>Those that were written; of the others the claim had run out and been taken over.</returns>
    public Task<IReadOnlyList<Settlement>> SettleAsync(IReadOnlyCollection<Settlement> settlements) => db.InTransactionAsync<IReadOnlyList<Settlement>>(async () =>
    {
        var written = await WriteAsync(settlements);
        List<Settlement> held = [.. settlements.Where(s => written.Contains(s.Delivery.Id))];
        await AuditTrail.WriteAsync(db, held.FindAll(s => s.Concluded || (s.RungAgain && s.NextAttemptAt is null)).ConvertAll(Entry));
        return held;
    });

    /// <summary>Claims, for <see cref="Settlement.GivenUp"/>, up to <paramref name="most"/> deliveries to <paramref name="clients"/> that are beyond their horizon.</summary>
    public async Task<List<LogoutDelivery>> ClaimBeyondHorizonAsync(IReadOnlyCollection<string> clients, int most, DateTimeOffset now, DateTimeOffset until)
    {
        var beyond = Db.Set<LogoutDelivery>().Where(d => clients.Contains(d.ClientId) && d.NextAttemptAt <= now && d.GiveUpAt <= now && (d.LeasedUntil == null || d.LeasedUntil <= now));
        var found = await beyond.AsNoTracking().OrderBy(d => d.NextAttemptAt).Take(most).ToListAsync();
        List<LogoutDelivery> claimed = [];
        foreach (var delivery in found)
        {
            // Judged again by the row as it is: another node may have taken it in between.
            if (await beyond.Where(d => d.Id == delivery.Id).ExecuteUpdateAsync(d => d.SetProperty(x => x.LeasedUntil, until)) == 1)
            {
                delivery.LeasedUntil = until;
                claimed.Add(delivery);
            }
        }

        return claimed;
    }

    protected abstract Task<HashSet<Guid>> WriteAsync(IReadOnlyCollection<Settlement> settlements);

    private AuditEntry Entry(Settlement settlement)
    {
        var (delivery, person) = (settlement.Delivery, Guid.TryParse(settlement.Delivery.Subject, out var id) ? id : (Guid?)null);
        var action = settlement.State switch
        {
            _ when !settlement.Concluded => "logout_rung_again",
            DeliveryState.Confirmed => "logout_confirmed",
            DeliveryState.Rejected => "logout_rejected",
            _ => "logout_unconfirmed",
        };
        return audit.Entry(action, "system", person, delivery.SessionId, new { client = delivery.ClientId, attempts = settlement.Attempts, outcome = settlement.Words });
    }
}
