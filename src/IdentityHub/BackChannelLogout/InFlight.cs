namespace IdentityHub.BackChannelLogout;

/// <summary>
/// How many attempts this node is making, in all and at each relying party: the limits that keep a hanging one from
/// taking all there is (I6). The limit for all may be exceeded by one for each relying party that has nothing under way,
/// so that many that hang together do not make one that answers wait. Safe from any thread.
/// </summary>
internal sealed class InFlight(int limit, int perRelyingParty)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byClient = [];
    private readonly HashSet<string> _usedUp = [];
    private bool _allUsedUp;
    private int _all;

    // Of how many relying parties the last claim found something.
    private int _found = 1;

    /// <summary>
    /// How many more may be begun, and how much of its limit each relying party has used up: what is under way there, and
    /// by a <paramref name="breakers"/> that is open all of it, or all but one probe.
    /// </summary>
    public Allowance Look(IReadOnlyDictionary<string, BreakerState> breakers)
    {
        lock (_gate)
        {
            var used = new Dictionary<string, int>(_byClient);
            foreach (var (client, state) in breakers)
            {
                var probe = state is BreakerState.HalfOpen && !_byClient.ContainsKey(client) ? 1 : 0;
                used[client] = Math.Max(perRelyingParty - probe, used.GetValueOrDefault(client));
            }

            var room = Math.Max(limit - _all, 0);
            return new Allowance(room, Math.Clamp((room + _found - 1) / _found, 1, perRelyingParty), used);
        }
    }

    /// <summary>Counts what was claimed under <paramref name="allowance"/>, and remembers where it took all that was allowed.</summary>
    /// <returns>Whether there may be more at once: somebody took the share of a claim, and there is room still.</returns>
    public bool Begin(Allowance allowance, IReadOnlyCollection<string> clients)
    {
        lock (_gate)
        {
            // Judged by what was allowed and not by the count as it is now: an attempt that ended in between makes room
            // for a row that the claim has left behind.
            var claimed = clients.CountBy(client => client).ToDictionary();
            _found = Math.Max(claimed.Count, 1);
            _allUsedUp = clients.Count >= allowance.Room;
            _usedUp.Clear();
            _usedUp.UnionWith(claimed.Keys.Union(allowance.Busy.Keys)
                .Where(client => claimed.GetValueOrDefault(client) >= Math.Min(allowance.Share, perRelyingParty - allowance.Busy.GetValueOrDefault(client))));
            var cut = !_allUsedUp && claimed.Any(c => c.Value >= allowance.Share && c.Value < perRelyingParty - allowance.Busy.GetValueOrDefault(c.Key));
            foreach (var (client, count) in claimed)
            {
                _all += count;
                _byClient[client] = _byClient.GetValueOrDefault(client) + count;
            }

            return cut;
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

/// <summary>What may be claimed.</summary>
/// <param name="Room">How many attempts may be begun.</param>
/// <param name="Share">
/// Of each relying party at most: an even share of the room among as many as the last claim found. A claim looks at that
/// many of each before it knows how many there are, so what it cannot take is looked at in vain.
/// </param>
/// <param name="Busy">How much of its limit each relying party has used up.</param>
internal sealed record Allowance(int Room, int Share, IReadOnlyDictionary<string, int> Busy);
