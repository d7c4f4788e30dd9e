using static System.FormattableString;

namespace IdentityHub.Audit;

/// <param name="Seal">A place.</param>
/// <param name="Entry">What stands there; null where it was deleted.</param>
/// <param name="MayBeErased">Whether where the act came from may be gone: its account is closed.</param>
internal sealed record AuditLink(AuditSeal Seal, AuditEntry? Entry, bool MayBeErased);

/// <summary>One walk along the chain: each step holds one entry against its place. Pure.</summary>
internal sealed class AuditWalk(AuditCheckpoint? known)
{
    // Null after a gap: what stood before the next entry is not known.
    private byte[]? _previous = AuditChain.Genesis;
    private readonly Queue<(long Sequence, byte[] Hash)> _recent = [];

    /// <summary>The last place that was looked at, and its hash.</summary>
    public long At { get; private set; }

    public byte[] Hash { get; private set; } = AuditChain.Genesis;

    public long Checked { get; private set; }

    public List<AuditFinding> Findings { get; } = [];

    /// <summary>The hash at the place of the checkpoint, once the walk has come by.</summary>
    public string? KnownHash { get; private set; }

    /// <summary>The hash at one of the last places of the walk.</summary>
    public byte[]? HashAt(long sequence) => _recent.FirstOrDefault(r => r.Sequence == sequence).Hash;

    /// <param name="link">The next place.</param>
    /// <param name="page">The places around it, among which one that was moved is looked for.</param>
    public void Step(AuditLink link, IReadOnlyList<AuditLink> page)
    {
        var (sequence, hash) = (link.Seal.Sequence!.Value, link.Seal.Hash ?? []);
        if (sequence != At + 1)
        {
            Add(AuditFindingKind.Missing, At + 1, null, sequence == At + 2
                ? Invariant($"Nothing stands at place {At + 1}: the entry there and its seal were deleted.")
                : Invariant($"Nothing stands at the places {At + 1} to {sequence - 1}: the entries there and their seals were deleted."));
            _previous = null;
        }

        Judge(link, sequence, hash, page);
        Checked++;
        (At, Hash, _previous) = (sequence, hash, hash);
        _recent.Enqueue((sequence, hash));
        if (_recent.Count > 2000)
        {
            _recent.Dequeue();
        }

        if (known?.Sequence == sequence)
        {
            KnownHash = Convert.ToHexStringLower(hash);
        }
    }

    private void Judge(AuditLink link, long sequence, byte[] hash, IReadOnlyList<AuditLink> page)
    {
        if (link.Entry is not { } entry)
        {
            Add(AuditFindingKind.Missing, sequence, link.Seal.EntryId, Invariant($"The entry {link.Seal.EntryId} at place {sequence} was deleted."));
        }
        else if (_previous is not null && !AuditChain.Link(_previous, entry, link.Seal.Trace).AsSpan().SequenceEqual(hash))
        {
            var moved = page.FirstOrDefault(p => p.Seal.Hash is { } other && AuditChain.Link(other, entry, link.Seal.Trace).AsSpan().SequenceEqual(hash));
            if (moved is null)
            {
                Add(AuditFindingKind.Changed, sequence, entry.Id, Invariant($"The entry {entry.Id} at place {sequence} ({entry.Action}, {entry.At:yyyy-MM-ddTHH:mm:ssZ}) is not what was sealed: its content was changed."));
            }
            else
            {
                Add(AuditFindingKind.Reordered, sequence, entry.Id, Invariant($"The entry {entry.Id} stands at place {sequence} and was sealed after the entry {moved.Seal.EntryId}, which stands at place {moved.Seal.Sequence}: they were reordered."));
            }
        }
        else if (Trace(link, entry) is { } what)
        {
            Add(AuditFindingKind.TraceChanged, sequence, entry.Id, Invariant($"Of the entry {entry.Id} at place {sequence} ({entry.Action}) {what}."));
        }
    }

    private static string? Trace(AuditLink link, AuditEntry entry)
    {
        if (AuditChain.Trace(entry) is { } trace)
        {
            return trace.AsSpan().SequenceEqual(link.Seal.Trace) ? null : "the address or the browser was changed";
        }

        return link.Seal.Trace is null ? null
            : entry.IpAddress is not null || entry.UserAgent is not null ? "the address or the browser was changed"
            : link.MayBeErased ? null
            : "the address and the browser were erased although the account exists";
    }

    private void Add(AuditFindingKind kind, long sequence, Guid? id, string what) => Findings.Add(new(kind, sequence, id, what));
}
