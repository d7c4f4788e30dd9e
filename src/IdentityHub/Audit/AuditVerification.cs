using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using static System.FormattableString;

namespace IdentityHub.Audit;

/// <summary>Walks the chain from its beginning and names what is not as it was written. Reads only, in batches.</summary>
internal sealed class AuditVerification(HubDb db, AuditHeadKey key)
{
    public const int MostFindings = 20;

    private const int Batch = 1000;

    /// <param name="known">An end of the chain that was kept elsewhere: it must still be part of it.</param>
    /// <param name="cancel">Stops the walk.</param>
    public async Task<AuditReport> VerifyAsync(AuditCheckpoint? known, CancellationToken cancel)
    {
        // In this order: while entries are being sealed, the end that is read after the last place is not before it. What was
        // sealed between the two is walked as well.
        var last = await db.Set<AuditSeal>().MaxAsync(s => s.Sequence, cancel) ?? 0;
        var head = await db.Set<AuditHead>().AsNoTracking().SingleOrDefaultAsync(cancel);
        var walk = new AuditWalk(known);
        // A place beyond the end that is vouched for is looked at as well.
        var end = Math.Max(last, head?.Sequence ?? 0);
        while (walk.At < end && walk.Findings.Count < MostFindings)
        {
            var links = await LinksAsync(walk.At, cancel);
            if (links.Count == 0)
            {
                break;
            }

            links.ForEach(link => walk.Step(link, links));
        }

        walk.Findings.AddRange(EndOf(walk, head, last, known));
        walk.Findings.AddRange(await OutsideAsync(cancel));
        return new AuditReport(
            walk.Checked,
            walk.At == 0 ? null : new AuditCheckpoint(walk.At, Convert.ToHexStringLower(walk.Hash)),
            await db.Set<AuditSeal>().LongCountAsync(s => s.Sequence == null, cancel),
            [.. walk.Findings.Take(MostFindings)]);
    }

    private async Task<List<AuditLink>> LinksAsync(long after, CancellationToken cancel)
    {
        var links = await (
            from seal in db.Set<AuditSeal>().AsNoTracking().Where(s => s.Sequence > after).OrderBy(s => s.Sequence).Take(Batch)
            join e in db.Set<AuditEntry>().AsNoTracking() on seal.EntryId equals e.Id into entries
            from entry in entries.DefaultIfEmpty()
            orderby seal.Sequence
            select new { seal, entry }).ToListAsync(cancel);
        var people = links.Select(l => l.entry?.TraceOf).OfType<Guid>().Distinct().ToList();
        var open = (await db.Users.Where(u => people.Contains(u.Id) && u.ClosedAt == null).Select(u => u.Id).ToListAsync(cancel)).ToHashSet();
        // Of an account that exists nobody erases where its acts came from.
        return links.ConvertAll(l => new AuditLink(l.seal, l.entry, l.entry?.TraceOf is { } person && !open.Contains(person)));
    }

    private IEnumerable<AuditFinding> EndOf(AuditWalk walk, AuditHead? head, long last, AuditCheckpoint? known)
    {
        if (walk.Findings.Count >= MostFindings)
        {
            yield break;
        }

        if (head is null)
        {
            yield return new(AuditFindingKind.Truncated, last, null, "The row of audit_head, which is the end of the chain, was deleted.");
        }
        else if (head.Sequence > Math.Max(last, walk.At))
        {
            yield return new(AuditFindingKind.Truncated, head.Sequence, null, Invariant($"The chain ended at place {head.Sequence} and now ends at {last}: the entries between were deleted."));
        }
        else if (head.Sequence < last)
        {
            yield return new(AuditFindingKind.Inserted, last, null, Invariant($"The chain ends at place {head.Sequence}, and something stands at {last}: it was inserted past the hub."));
        }
        else if (head.Sequence > 0 && !key.Vouches(head))
        {
            yield return new(AuditFindingKind.Forged, head.Sequence, null, "The end of the chain is not vouched for with this installation's Keys:Secret: the hashes were computed anew by somebody else, or the secret is another one.");
        }
        else if (walk.HashAt(head.Sequence) is { } hash && !hash.AsSpan().SequenceEqual(head.Hash))
        {
            yield return new(AuditFindingKind.Forged, head.Sequence, null, Invariant($"The hash at place {head.Sequence} is not the one that was vouched for: an entry at it or before it was replaced and the hashes computed anew."));
        }

        if (known is not null && known.Sequence > last)
        {
            yield return new(AuditFindingKind.Truncated, known.Sequence, null, Invariant($"The place {known.Sequence} that was kept lies beyond the end, {last}: entries were deleted from the end, or an older backup was restored."));
        }
        else if (known is not null && walk.KnownHash is { } found && found != known.Hash)
        {
            yield return new(AuditFindingKind.Forged, known.Sequence, null, Invariant($"The hash at place {known.Sequence} is {found} and was {known.Hash} when it was kept: the entries up to there were replaced."));
        }
    }

    // Who writes an entry alone past the hub leaves one that nobody will ever seal; who deletes at once leaves a place for nobody.
    private async Task<IEnumerable<AuditFinding>> OutsideAsync(CancellationToken cancel)
    {
        var inserted = await db.Set<AuditEntry>().Where(e => !db.Set<AuditSeal>().Any(s => s.EntryId == e.Id))
            .OrderBy(e => e.Id).Take(MostFindings).Select(e => e.Id).ToListAsync(cancel);
        var deleted = await db.Set<AuditSeal>().Where(s => s.Sequence == null && !db.Set<AuditEntry>().Any(e => e.Id == s.EntryId))
            .OrderBy(s => s.EntryId).Take(MostFindings).Select(s => s.EntryId).ToListAsync(cancel);
        return
        [
            .. inserted.Select(id => new AuditFinding(AuditFindingKind.Inserted, null, id, $"The entry {id} has no place in the chain: it was inserted past the hub.")),
            .. deleted.Select(id => new AuditFinding(AuditFindingKind.Missing, null, id, $"The entry {id} was deleted before it was sealed.")),
        ];
    }
}
