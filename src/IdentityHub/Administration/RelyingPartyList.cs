using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>The relying parties, each with how it stands with being told.</summary>
internal sealed class RelyingPartyList(HubDb db, CircuitBreakers breakers)
{
    public const int PageSize = 25;

    /// <summary>What is counted of one relying party ends here: above it the page says "more than".</summary>
    public const int MostCounted = 1000;

    /// <summary>How many of its latest deliveries are looked at for when it last confirmed.</summary>
    public const int Looked = 200;

    /// <summary>One page by client id; the text is looked for in client ids and names.</summary>
    /// <param name="search">Part of a client id or name, in any case; null for all.</param>
    /// <param name="after">The last client id of the page before; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<RelyingPartyPage> PageAsync(string? search, string? after, int limit, CancellationToken cancel)
    {
        var parties = db.Set<RelyingParty>().AsNoTracking();
        if (search?.Trim().ToLowerInvariant() is { Length: > 0 } text)
        {
#pragma warning disable CA1862, CA1304, CA1311 // It is SQL that compares.
            parties = parties.Where(r => r.ClientId!.ToLower().Contains(text) || r.DisplayName!.ToLower().Contains(text));
#pragma warning restore CA1862, CA1304, CA1311
        }

        if (after is not null)
        {
#pragma warning disable CA1309, CA1310 // It is SQL that compares.
            parties = parties.Where(r => string.Compare(r.ClientId, after) > 0);
#pragma warning restore CA1309, CA1310
        }

        var rows = await States(parties.OrderBy(r => r.ClientId).Take(limit + 1)).ToListAsync(cancel);
        var shown = rows.Take(limit).OrderBy(r => r.ClientId, StringComparer.Ordinal).Select(Look).ToList();
        return new(shown, rows.Count > limit ? rows[limit - 1].ClientId : null);
    }

    /// <summary>One of them; null when none has this client id.</summary>
    public async Task<RelyingPartyState?> FindAsync(string clientId, CancellationToken cancel) =>
        await States(db.Set<RelyingParty>().AsNoTracking().Where(r => r.ClientId == clientId)).SingleOrDefaultAsync(cancel) is { } row ? Look(row) : null;

    /// <summary>What became of the latest deliveries to it, at most <see cref="Looked"/> of them.</summary>
    public async Task<IReadOnlyDictionary<DeliveryState, int>> LatestAsync(string clientId, CancellationToken cancel) =>
        await Latest(clientId).GroupBy(d => d.State).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);

    /// <summary>Deliveries that have failed so far and are tried again, those that are due first.</summary>
    public async Task<IReadOnlyList<LogoutDelivery>> FailingAsync(string clientId, int most, CancellationToken cancel) => await db.Set<LogoutDelivery>().AsNoTracking()
        .Where(d => d.ClientId == clientId && d.NextAttemptAt != null && d.State == DeliveryState.Pending && d.Attempts > 0)
        .OrderBy(d => d.NextAttemptAt).Take(most).ToListAsync(cancel);

    private IQueryable<LogoutDelivery> Latest(string clientId) =>
        db.Set<LogoutDelivery>().Where(d => d.ClientId == clientId).OrderByDescending(d => d.RevocationId).Take(Looked);

    // Conditions and orders are those of the partial indexes, and each count ends early.
    private IQueryable<RelyingPartyState> States(IQueryable<RelyingParty> parties) => parties.Select(r => new RelyingPartyState(
        r.ClientId!,
        r.DisplayName ?? r.ClientId!,
        r.Declared,
        r.DisabledAt,
        r.BackChannelLogoutUri != null,
        r.TestUri != null,
        db.Set<LogoutDelivery>().Where(d => d.ClientId == r.ClientId && d.NextAttemptAt != null && d.State == DeliveryState.Pending).OrderBy(d => d.NextAttemptAt).Take(MostCounted + 1).Count(),
        db.Set<LogoutDelivery>().Where(d => d.ClientId == r.ClientId && (d.State == DeliveryState.Rejected || d.State == DeliveryState.Unconfirmed)).OrderBy(d => d.SettledAt).Take(MostCounted + 1).Count(),
        db.Set<LogoutDelivery>().Where(d => d.ClientId == r.ClientId).OrderByDescending(d => d.RevocationId).Take(Looked)
            .Where(d => d.State == DeliveryState.Confirmed).OrderByDescending(d => d.SettledAt).Select(d => d.SettledAt).FirstOrDefault(),
        BreakerState.Closed));

    private RelyingPartyState Look(RelyingPartyState row) => row with { Breaker = breakers.NotClosed().GetValueOrDefault(row.ClientId) };
}

/// <param name="Parties">Of this page.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
internal sealed record RelyingPartyPage(IReadOnlyList<RelyingPartyState> Parties, string? Next);

/// <param name="ClientId">The <c>client_id</c>.</param>
/// <param name="Name">The name people see.</param>
/// <param name="Declared">Whether configuration declares it.</param>
/// <param name="DisabledAt">Since when nobody is signed in there; null while it is in use.</param>
/// <param name="CanBeTold">Whether it has an address for logout tokens.</param>
/// <param name="CanBeProved">Whether it has an address by which it is proved that a session dies.</param>
/// <param name="Waiting">Deliveries that it has not answered yet, counted up to <see cref="RelyingPartyList.MostCounted"/> and one more.</param>
/// <param name="Unanswered">Deliveries that it refused or never answered, counted as far.</param>
/// <param name="LastConfirmed">The last confirmation among its latest deliveries; null when none of them was confirmed.</param>
/// <param name="Breaker">What this node believes of it.</param>
internal sealed record RelyingPartyState(
    string ClientId, string Name, bool Declared, DateTimeOffset? DisabledAt, bool CanBeTold, bool CanBeProved, int Waiting, int Unanswered, DateTimeOffset? LastConfirmed, BreakerState Breaker);
