namespace IdentityHub.BackChannelLogout;

/// <summary>
/// How many attempts this node is making, in all and at each relying party: the limits that keep a hanging one from
/// taking all there is (I6). Safe from any thread.
/// </summary>
internal sealed class InFlight(int limit, int perRelyingParty)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byClient = [];
    private readonly HashSet<string> _usedUp = [];
    private bool _allUsedUp;
    private int _all;

    /// <summary>How many more may be begun, and what is under way at each relying party that counts against its limit.</summary>
    public Allowance Look()
    {
        lock (_gate)
        {
            return new Allowance(limit - _all, new Dictionary<string, int>(_byClient));
        }
    }

    /// <summary>Counts what was claimed under <paramref name="allowance"/>, and remembers where it took all that was allowed.</summary>
    public void Begin(Allowance allowance, IReadOnlyCollection<string> clients)
    {
        lock (_gate)
        {
            // Judged by what was allowed and not by the count as it is now: an attempt that ended in between makes room
            // for a row that the claim has left behind.
            var claimed = clients.CountBy(client => client).ToDictionary();
            _allUsedUp = clients.Count == allowance.Room;
            _usedUp.Clear();
            _usedUp.UnionWith(claimed.Keys.Union(allowance.Busy.Keys)
                .Where(client => claimed.GetValueOrDefault(client) >= perRelyingParty - allowance.Busy.GetValueOrDefault(client)));
            foreach (var (client, count) in claimed)
            {
                _all += count;
                _byClient[client] = _byClient.GetValueOrDefault(client) + count;
            }
        }
    }

    /// <returns>Whether the last claim may have left something behind that there is room for now.</returns>
    public bool End(string clientId)
    {
        lock (_gate)
        {
            _all--;
            if (--_byClient[clientId] == 0)
            {
                _byClient.Remove(clientId);
            }

            return _allUsedUp || _usedUp.Contains(clientId);
        }
    }
}

internal sealed record Allowance(int Room, IReadOnlyDictionary<string, int> Busy);
