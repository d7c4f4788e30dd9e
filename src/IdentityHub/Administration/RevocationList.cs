using System.Runtime.CompilerServices;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>Every act that ended sessions: why, by whom, how far it reached, and what became of it.</summary>
internal sealed class RevocationList(HubDb db, AuditTrail audit)
{
    public const int PageSize = 25;

    // What an export reads at once, so that it neither holds a statement open for minutes nor many rows in memory.
    private const int ExportBatch = 500;

    /// <summary>One page, the newest first.</summary>
    /// <param name="filter">Which.</param>
    /// <param name="before">The last act of the page before; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<ActsPage> PageAsync(RevocationFilter filter, Guid? before, int limit, CancellationToken cancel)
    {
        var rows = await ReadAsync(filter, before, limit + 1, cancel);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    /// <summary>One of them; null when there is none of this identifier.</summary>
    public async Task<ListedRevocation?> FindAsync(Guid id, CancellationToken cancel) =>
        (await WithStatesAsync(await Rows(db.Set<RevocationRecord>().Where(r => r.Id == id)).ToListAsync(cancel), cancel)).SingleOrDefault();

    /// <summary>All that the filter lets through, the newest first, read as they are asked for.</summary>
    public async IAsyncEnumerable<ListedRevocation> AllAsync(RevocationFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        Guid? before = null;
        while (await ReadAsync(filter, before, ExportBatch, cancel) is { Count: > 0 } rows)
        {
            foreach (var row in rows)
            {
                yield return row;
            }

            before = rows[^1].Id;
        }
    }

    /// <summary>The same for an export: that it was asked for is in the audit before the first leaves.</summary>
    public async IAsyncEnumerable<ListedRevocation> ExportAsync(RevocationFilter filter, string format, Initiator by, [EnumeratorCancellation] CancellationToken cancel)
    {
        audit.Add(db, "revocations_exported", by.Name, details: new
        {
            format,
            filter = new { reason = filter.Reason?.Wire(), person = filter.UserId, filter.ClientId, filter.Initiator, filter.From, filter.Until, filter.UnconfirmedOnly },
        });
        await db.SaveChangesAsync(cancel);
        await foreach (var row in AllAsync(filter, cancel))
        {
            yield return row;
        }
    }

    /// <summary>Delivery by delivery: what an application was told in this act, and what it answered.</summary>
    /// <param name="id">The act.</param>
    /// <param name="after">The last delivery of the page before; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<DeliveriesPage> DeliveriesAsync(Guid id, Guid? after, int limit, CancellationToken cancel)
    {
        var rows = await db.Set<LogoutDelivery>().AsNoTracking().Where(d => d.RevocationId == id && (after == null || d.Id > after)).OrderBy(d => d.Id).Take(limit + 1).ToListAsync(cancel);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private async Task<List<ListedRevocation>> ReadAsync(RevocationFilter filter, Guid? before, int most, CancellationToken cancel)
    {
        var records = Filtered(filter);
        if (before is { } cursor)
        {
            records = records.Where(r => r.Id < cursor);
        }

        return await WithStatesAsync(await Rows(records.OrderByDescending(r => r.Id).Take(most)).ToListAsync(cancel), cancel);
    }

    private static IQueryable<ListedRevocation> Rows(IQueryable<RevocationRecord> records) => records.AsNoTracking()
        .Select(r => new ListedRevocation(r.Id, r.At, r.Reason, r.Initiator, r.UserId, r.Sessions, r.RelyingParties, r.MassRevocationId));

    private IQueryable<RevocationRecord> Filtered(RevocationFilter filter)
    {
        IQueryable<RevocationRecord> records = db.Set<RevocationRecord>();
        records = filter.Reason is { } reason ? records.Where(r => r.Reason == reason) : records;
        records = filter.UserId is { } person ? records.Where(r => r.UserId == person) : records;
        records = filter.Initiator is { } initiator ? records.Where(r => r.Initiator == initiator) : records;
        records = filter.MassRevocationId is { } mass ? records.Where(r => r.MassRevocationId == mass) : records;
        // The order of the list is that of the identifiers.
        if (filter.From is { } from)
        {
            var first = IdsOfTime.First(from);
            records = records.Where(r => r.Id >= first);
        }

        if (filter.Until is { } until)
        {
            var end = IdsOfTime.First(until);
            records = records.Where(r => r.Id < end);
        }

        if (filter.ClientId is { } client)
        {
            records = records.Where(r => db.Set<LogoutDelivery>().Any(d => d.ClientId == client && d.RevocationId == r.Id));
        }

        // Said as the partial indexes say it.
        return filter.UnconfirmedOnly
            ? records.Where(r => db.Set<LogoutDelivery>().Any(d => d.RevocationId == r.Id
                && ((d.NextAttemptAt != null && d.State == DeliveryState.Pending) || d.State == DeliveryState.Rejected || d.State == DeliveryState.Unconfirmed)))
            : records;
    }

    private async Task<List<ListedRevocation>> WithStatesAsync(List<ListedRevocation> rows, CancellationToken cancel)
    {
        var ids = rows.ConvertAll(r => r.Id);
        var counts = (await db.Set<LogoutDelivery>().Where(d => ids.Contains(d.RevocationId))
            .GroupBy(d => new { d.RevocationId, d.State }).Select(g => new { g.Key.RevocationId, g.Key.State, Count = g.Count() }).ToListAsync(cancel))
            .ToDictionary(c => (c.RevocationId, c.State), c => c.Count);
        return rows.ConvertAll(r => r with
        {
            Confirmed = Of(r, DeliveryState.Confirmed),
            Waiting = Of(r, DeliveryState.Pending),
            Refused = Of(r, DeliveryState.Rejected),
            Unconfirmed = Of(r, DeliveryState.Unconfirmed),
        });

        int Of(ListedRevocation row, DeliveryState state) => counts.GetValueOrDefault((row.Id, state));
    }
}

/// <summary>Which revocations. Null asks nothing.</summary>
/// <param name="Reason">For this reason.</param>
/// <param name="UserId">Of this person's sessions.</param>
/// <param name="ClientId">That this relying party was to be told of.</param>
/// <param name="Initiator">By them, in the form of <see cref="Revocation.Initiator"/>.</param>
/// <param name="From">At this instant or later, to the millisecond.</param>
/// <param name="Until">Before this instant, to the millisecond.</param>
/// <param name="UnconfirmedOnly">Those that a relying party has not confirmed.</param>
/// <param name="MassRevocationId">Parts of this act on many.</param>
internal sealed record RevocationFilter(
    RevocationReason? Reason = null, Guid? UserId = null, string? ClientId = null, string? Initiator = null, DateTimeOffset? From = null, DateTimeOffset? Until = null, bool UnconfirmedOnly = false, Guid? MassRevocationId = null);

/// <param name="Revocations">Of this page.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
internal sealed record ActsPage(IReadOnlyList<ListedRevocation> Revocations, Guid? Next);

/// <param name="Deliveries">Of this page.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
internal sealed record DeliveriesPage(IReadOnlyList<LogoutDelivery> Deliveries, Guid? Next);

/// <summary>One act, and to how many of those that were to be told what happened. Old acts have forgotten it: <see cref="Deliveries"/> stays.</summary>
internal sealed record ListedRevocation(Guid Id, DateTimeOffset At, RevocationReason Reason, string Initiator, Guid UserId, int Sessions, int Deliveries, Guid? MassRevocationId)
{
    public int Confirmed { get; init; }
    public int Waiting { get; init; }
    public int Refused { get; init; }
    public int Unconfirmed { get; init; }
}
