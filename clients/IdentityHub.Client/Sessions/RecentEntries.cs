namespace IdentityHub.Client.Sessions;

/// <summary>
/// What has to be remembered for a while: ended sessions, used token ids. Bounded: beyond the capacity the entry that was
/// to go first goes early, so a flood of (validly signed) logout tokens costs memory only up to a limit. Not safe for
/// concurrent use: its owner holds the lock.
/// </summary>
internal sealed class RecentEntries<TValue>(int capacity = 100_000)
{
    private readonly Dictionary<(string, string), (TValue Value, DateTimeOffset Until)> _entries = [];
    private readonly PriorityQueue<(string, string), DateTimeOffset> _byEnd = new();

    public int Count => _entries.Count;

    public void Add((string Issuer, string Id) entry, TValue value, DateTimeOffset until, DateTimeOffset now)
    {
        if (_entries.TryGetValue(entry, out var known) && known.Until > until)
        {
            until = known.Until;
        }

        _entries[entry] = (value, until);
        _byEnd.Enqueue(entry, until);
        while (_byEnd.TryPeek(out var first, out var end) && (end <= now || _byEnd.Count > capacity))
        {
            _byEnd.Dequeue();
            // An entry that was added again stands in the queue twice; only its last place counts.
            if (_entries.TryGetValue(first, out var entered) && entered.Until == end)
            {
                _entries.Remove(first);
            }
        }
    }

    public bool Has((string Issuer, string Id) entry, DateTimeOffset now) =>
        _entries.TryGetValue(entry, out var known) && known.Until > now;

    /// <summary>The value remembered for the entry, or the type's default when there is none (any more).</summary>
    public TValue? Find((string Issuer, string Id) entry, DateTimeOffset now) =>
        _entries.TryGetValue(entry, out var known) && known.Until > now ? known.Value : default;
}
