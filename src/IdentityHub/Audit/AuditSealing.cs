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
            from seal in db.Set<AuditSeal>()
            join entry in db.Set<AuditEntry>() on seal.EntryId equals entry.Id
            where seal.Sequence == null
            orderby seal.EntryId
            select new { Seal = seal, Entry = entry }).Take(Batch).ToListAsync(cancel);
        if (waiting.Count == 0)
        {
            return 0;
        }

        foreach (var next in waiting)
        {
            next.Seal.Trace = AuditChain.Trace(next.Entry);
            head.Hash = next.Seal.Hash = AuditChain.Link(head.Hash, next.Entry, next.Seal.Trace);
            next.Seal.Sequence = ++head.Sequence;
        }

        head.Mac = key.Mac(head.Sequence, head.Hash);
        head.SealedAt = Time.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        return waiting.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(8001, LogLevel.Error, "Entries of the audit could not be given their place in the chain; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);

        [LoggerMessage(8002, LogLevel.Error, "The end of the audit's chain, at place {Sequence}, was not written by this installation: nothing is sealed behind it. Look with 'hub audit verify', and at Keys:Secret.")]
        public static partial void NotVouchedFor(ILogger logger, long sequence);
    }
}
