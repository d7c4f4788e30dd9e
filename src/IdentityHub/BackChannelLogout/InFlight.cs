namespace IdentityHub.BackChannelLogout;

/// <summary>
/// How many attempts this node is making, in all and at each relying party: the limits that keep a hanging one from
/// taking all there is (I6). Safe from any thread.
/// </summary>
internal sealed class InFlight(int limit, int perRelyingParty)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _byClient = [];
    private int _all;

    /// <summary>How many more may be begun, and by whom the limit of one relying party is already used, in part or in full.</summary>
    public (int Room, IReadOnlyDictionary<string, int> Busy) Look()
    {
        lock (_gate)
        {
            return (limit - _all, new Dictionary<string, int>(_byClient));
        }
    }

    public void Begin(string clientId)
    {
        lock (_gate)
        {
            _all++;
            _byClient[clientId] = _byClient.GetValueOrDefault(clientId) + 1;
        }
    }

    /// <returns>Whether a limit had been reached, so that something may have been left waiting.</returns>
    public bool End(string clientId)
    {
        lock (_gate)
        {
            var count = _byClient[clientId];
            var full = _all == limit || count == perRelyingParty;
            _all--;
            if (count == 1)
            {
                _byClient.Remove(clientId);
            }
            else
            {
                _byClient[clientId] = count - 1;
            }

            return full;
        }
    }
}
