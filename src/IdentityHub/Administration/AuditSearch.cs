using System.Runtime.CompilerServices;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>The audit, the newest first: filtered by what its indexes know, in pages or read to the end for an export.</summary>
internal sealed class AuditSearch(HubDb db, AuditTrail audit)
{
    public const int PageSize = 50;

    // What an export reads at once, so that it neither holds a statement open for minutes nor many rows in memory.
    private const int ExportBatch = 500;

    // Above it, "more than".
    private const int MostCounted = 10_000;

    /// <param name="filter">Which.</param>
    /// <param name="before">The last entry of the page before; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<AuditPage> PageAsync(AuditFilter filter, Guid? before, int limit, CancellationToken cancel)
    {
        var rows = await ReadAsync(filter, before, limit + 1, cancel);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    /// <summary>All that the filter lets through, read as they are asked for. That it was asked for is in the audit before the first.</summary>
    public async IAsyncEnumerable<AuditRow> ExportAsync(AuditFilter filter, string format, Initiator by, [EnumeratorCancellation] CancellationToken cancel)
    {
        audit.Add(db, "audit_exported", by.Name, details: new { format, filter });
        await db.SaveChangesAsync(cancel);
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

    /// <summary>How far the chain is.</summary>
    public async Task<AuditState> StateAsync(CancellationToken cancel)
    {
        var head = await db.Set<AuditHead>().AsNoTracking().SingleOrDefaultAsync(cancel);
        var waiting = db.Set<AuditSeal>().Where(s => s.Sequence == null);
        return new(
            head?.Sequence ?? 0,
            head is { Sequence: > 0 } ? Convert.ToHexStringLower(head.Hash) : null,
            head?.SealedAt,
            await waiting.OrderBy(s => s.EntryId).Take(MostCounted).CountAsync(cancel),
            await (from seal in waiting join entry in db.Set<AuditEntry>() on seal.EntryId equals entry.Id orderby seal.EntryId select (DateTimeOffset?)entry.At).FirstOrDefaultAsync(cancel));
    }

    private Task<List<AuditRow>> ReadAsync(AuditFilter filter, Guid? before, int most, CancellationToken cancel)
    {
        var entries = Filtered(filter);
        if (before is { } cursor)
        {
            entries = entries.Where(e => e.Id < cursor);
        }

        return (
            from e in entries.OrderByDescending(e => e.Id).Take(most)
            join s in db.Set<AuditSeal>() on e.Id equals s.EntryId into seals
            from s in seals.DefaultIfEmpty()
            orderby e.Id descending
            select new AuditRow(e.Id, e.At, e.Action, e.Actor, e.UserId, e.SessionId, e.IpAddress, e.UserAgent, e.Details, s.Sequence, s.Hash, s.Trace)).ToListAsync(cancel);
    }

    private IQueryable<AuditEntry> Filtered(AuditFilter filter)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking();
        entries = filter.Person is { } person ? entries.Where(e => e.UserId == person) : entries;
        entries = filter.Action is { } action ? entries.Where(e => e.Action == action) : entries;
        entries = filter.Actor is { } actor ? entries.Where(e => e.Actor == actor) : entries;
        // The order of the list is that of the identifiers.
        if (filter.From is { } from)
        {
            var first = IdsOfTime.First(from);
            entries = entries.Where(e => e.Id >= first);
        }

        if (filter.Until is { } until)
        {
            var end = IdsOfTime.First(until);
            entries = entries.Where(e => e.Id < end);
        }

        return entries;
    }
}

/// <summary>Which entries. Null asks nothing.</summary>
/// <param name="Person">That happened to this person.</param>
/// <param name="Action">Of this action.</param>
/// <param name="Actor">By them, in the form of <see cref="Initiator"/>.</param>
/// <param name="From">At this instant or later, to the millisecond.</param>
/// <param name="Until">Before this instant, to the millisecond.</param>
internal sealed record AuditFilter(Guid? Person = null, string? Action = null, string? Actor = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <param name="Entries">Of this page.</param>
/// <param name="Next">The last of them; null on the last page.</param>
internal sealed record AuditPage(IReadOnlyList<AuditRow> Entries, Guid? Next);

/// <summary>One entry with its place in the chain, which the newest do not have yet.</summary>
internal sealed record AuditRow(
    Guid Id, DateTimeOffset At, string Action, string Actor, Guid? Person, Guid? Session, string? Address, string? Browser, string? Details, long? Sequence, byte[]? Hash, byte[]? Trace);

/// <param name="Sequence">The place given last; 0 before the first.</param>
/// <param name="Hash">The hash there, in hexadecimal.</param>
/// <param name="SealedAt">When it was given.</param>
/// <param name="Waiting">Entries without a place, counted up to ten thousand.</param>
/// <param name="OldestWaiting">Since when the first of those waits.</param>
internal sealed record AuditState(long Sequence, string? Hash, DateTimeOffset? SealedAt, int Waiting, DateTimeOffset? OldestWaiting);
