namespace IdentityHub.Client.Sessions;

/// <summary>Session keys by (issuer, sid) or (issuer, sub). Not safe for concurrent use: its owner holds the lock.</summary>
internal sealed class SessionIndex
{
    private readonly Dictionary<(string Issuer, string Value), HashSet<string>> _keys = [];

    public void Add((string, string)? of, string key)
    {
        if (of is not { } entry)
        {
            return;
        }

        if (!_keys.TryGetValue(entry, out var keys))
        {
            _keys[entry] = keys = [];
        }

        keys.Add(key);
    }

    public void Remove((string, string)? of, string key)
    {
        if (of is { } entry && _keys.TryGetValue(entry, out var keys) && keys.Remove(key) && keys.Count == 0)
        {
            _keys.Remove(entry);
        }
    }

    /// <summary>A copy, so that the sessions can be removed while it is walked.</summary>
    public IReadOnlyList<string> Keys((string, string) of) => _keys.TryGetValue(of, out var keys) ? [.. keys] : [];
}
