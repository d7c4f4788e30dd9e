using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.RevocationFeed;

/// <summary>
/// Reads what was written, in an order in which nothing can be missed.
/// </summary>
/// <remarks>
/// Transactions do not become visible in the order of the numbers they draw: one that began first may commit last, and
/// "give me what is above the last I saw" would miss it (docs/adr/0020-revocation-feed.md). So whoever follows asks from
/// the oldest transaction that was still open when it last looked, and leaves out what it has had.
/// </remarks>
internal sealed class FeedLog(HubDb db, TimeProvider time)
{
    public const int Page = 500;

    /// <summary>
    /// All that is written before <see cref="FeedPosition.Since"/> is visible to every read after this one: asked before
    /// reading, and never after.
    /// </summary>
    public async Task<FeedPosition> NowAsync(CancellationToken cancel)
    {
        var at = time.GetUtcNow().ToUnixTimeSeconds();
        var since = db is PostgresHubDb
            ? db.Database.SqlQuery<long>($"SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS \"Value\"")
            : db.Database.SqlQuery<long>($"SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'feed_entries'), 0) + 1 AS \"Value\"");
        return new FeedPosition(await since.SingleAsync(cancel), at);
    }

    /// <summary>Entries from <paramref name="since"/> on, after <paramref name="last"/> where one is given; at most <see cref="Page"/>.</summary>
    public Task<List<FeedEntry>> ReadAsync(long since, FeedEntry? last, CancellationToken cancel)
    {
        var entries = db.Set<FeedEntry>().AsNoTracking();
        var (transaction, id) = (last?.Transaction ?? long.MinValue, last?.Id ?? long.MinValue);
        var from = Math.Max(since, transaction);
        entries = db is PostgresHubDb
            ? entries.Where(e => e.Transaction >= from && (e.Transaction > transaction || e.Id > id)).OrderBy(e => e.Transaction).ThenBy(e => e.Id)
            : entries.Where(e => e.Id >= since && e.Id > id).OrderBy(e => e.Id);
        return entries.Take(Page).ToListAsync(cancel);
    }

    /// <summary>Where an entry stands in the order that <see cref="FeedPosition.Since"/> counts in.</summary>
    public long PlaceOf(FeedEntry entry) => db is PostgresHubDb ? entry.Transaction : entry.Id;

    /// <summary>The position to resume from once <paramref name="entry"/> has been sent, read after <paramref name="now"/> was asked.</summary>
    public FeedPosition After(FeedEntry entry, FeedPosition now) => now with { Since = Math.Min(PlaceOf(entry), now.Since) };
}
