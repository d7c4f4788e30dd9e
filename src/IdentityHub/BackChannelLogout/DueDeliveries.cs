using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.Data;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// The queue that the rows are: what is due is claimed for a while, and settled by whoever still holds the claim. A
/// claim that runs out, because its node died, is due again.
/// </summary>
internal abstract class DueDeliveries(HubDb db)
{
    protected HubDb Db => db;

    public static DueDeliveries In(HubDb db) => db is PostgresHubDb postgres ? new PostgresDueDeliveries(postgres) : new SqliteDueDeliveries(db);

    /// <summary>
    /// Claims due deliveries, the longest due first: at most <paramref name="room"/>, and of each relying party at most
    /// <paramref name="perRelyingParty"/> less those that <paramref name="busy"/> says are under way. Not to be cancelled: a claim whose answer nobody
    /// waited for would keep its rows from everybody for as long as it lasts.
    /// </summary>
    public abstract Task<List<LogoutDelivery>> ClaimAsync(
        int room, int perRelyingParty, IReadOnlyDictionary<string, int> busy, DateTimeOffset now, DateTimeOffset until);

    /// <summary>Writes what the attempts came to, with an audit entry for each that is over, in one transaction.</summary>
    /// <returns>Those that were written; of the others the claim had run out and been taken over.</returns>
    public Task<IReadOnlyList<Settlement>> SettleAsync(IReadOnlyCollection<Settlement> settlements) => db.InTransactionAsync<IReadOnlyList<Settlement>>(async () =>
    {
        var written = await WriteAsync(settlements);
        List<Settlement> held = [.. settlements.Where(s => written.Contains(s.Delivery.Id))];
        db.AddRange(held.Where(s => s.Settled).Select(Audited));
        await db.SaveChangesAsync();
        return held;
    });

    protected abstract Task<HashSet<Guid>> WriteAsync(IReadOnlyCollection<Settlement> settlements);

    private static AuditEntry Audited(Settlement settlement) => new()
    {
        Id = Guid.CreateVersion7(settlement.At),
        At = settlement.At,
        Action = settlement.State switch
        {
            DeliveryState.Confirmed => "logout_confirmed",
            DeliveryState.Rejected => "logout_rejected",
            _ => "logout_unconfirmed",
        },
        UserId = Guid.TryParse(settlement.Delivery.Subject, out var user) ? user : null,
        Actor = "system",
        SessionId = settlement.Delivery.SessionId,
        Details = JsonSerializer.Serialize(new { client = settlement.Delivery.ClientId, attempts = settlement.Attempts, outcome = settlement.Words }),
    };
}
