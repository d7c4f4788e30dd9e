using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Audit;

/// <summary>
/// Gives committed entries their place in the chain, on one node at a time. After the acts and beside them: to chain
/// each entry as it is written would let only one act of the whole installation commit at a time.
/// </summary>
internal sealed partial class AuditSealing(IServiceScopeFactory scopes, AuditHeadKey key, TimeProvider time, ILogger<AuditSealing> logger)
    : Recurring(TimeSpan.FromSeconds(1), time)
{
    internal const int Batch = 500;

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await SealAsync(stopping) == Batch;

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    /// <summary>Seals up to one batch; how many entries got their place.</summary>
    internal async Task<int> SealAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        return await db.Set<AuditSeal>().AnyAsync(s => s.Sequence == null, cancel)
            ? await db.InTransactionAsync(() => SealAsync(db, cancel), cancel: cancel)
            : 0;
    }

    private async Task<int> SealAsync(HubDb db, CancellationToken cancel)
    {
        // Of several nodes one gets the row; the others leave it to that one.
        var head = db is PostgresHubDb
            ? await db.Set<AuditHead>().FromSql($"SELECT * FROM audit_head FOR UPDATE SKIP LOCKED").SingleOrDefaultAsync(cancel)
            : await db.Set<AuditHead>().SingleOrDefaultAsync(cancel);
        if (head is null)
        {
            return 0;
        }

        // What was put there past the hub must not be vouched for by going on from it.
        if (head.Sequence > 0 && !key.Vouches(head))
        {
            Log.NotVouchedFor(logger, head.Sequence);
            return 0;
        }

        // What waits is what lies in the table without a place: an entry that is committed late, however late, is only
        // placed late. So the order is that of the commits between two rounds, and within one that of time.
        var waiting = await (
            from seal in db.Set<AuditSeal>().AsNoTracking()
            join entry in db.Set<AuditEntry>() on seal.EntryId equals entry.Id
            where seal.Sequence == null
            orderby seal.EntryId
            select entry).Take(Batch).ToListAsync(cancel);
        if (waiting.Count == 0)
        {
            return 0;
        }

        List<AuditSeal> places = new(waiting.Count);
        foreach (var entry in waiting)
        {
            var trace = AuditChain.Trace(entry);
            head.Hash = AuditChain.Link(head.Hash, entry, trace);
            places.Add(new AuditSeal { EntryId = entry.Id, Sequence = ++head.Sequence, Hash = head.Hash, Trace = trace });
        }

        await WriteAsync(db, places, cancel);
        head.Mac = key.Mac(head.Sequence, head.Hash);
        head.SealedAt = Time.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        return waiting.Count;
    }

    private static async Task WriteAsync(HubDb db, List<AuditSeal> places, CancellationToken cancel)
    {
        if (db is not PostgresHubDb)
        {
            db.UpdateRange(places);
            await db.SaveChangesAsync(cancel);
            return;
        }

        var (ids, sequences) = (places.ConvertAll(s => s.EntryId).ToArray(), places.ConvertAll(s => s.Sequence!.Value).ToArray());
        var (hashes, traces) = (places.ConvertAll(s => s.Hash!).ToArray(), places.ConvertAll(s => s.Trace).ToArray());
        await db.Database.ExecuteSqlAsync(
            $"""
            UPDATE audit_seals s SET sequence = n.sequence, hash = n.hash, trace = n.trace
            FROM unnest({ids}, {sequences}, {hashes}, {traces}) AS n (entry_id, sequence, hash, trace)
            WHERE s.entry_id = n.entry_id
            """,
            cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(8001, LogLevel.Error, "Entries of the audit could not be given their place in the chain; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);

        [LoggerMessage(8002, LogLevel.Error, "The end of the audit's chain, at place {Sequence}, was not written by this installation: nothing is sealed behind it. Look with 'hub audit verify', and at Keys:Secret.")]
        public static partial void NotVouchedFor(ILogger logger, long sequence);
    }
}
