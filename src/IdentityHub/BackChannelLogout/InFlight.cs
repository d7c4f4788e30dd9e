namespace IdentityHub.BackChannelLogout;

/// <summary>
/// How many attempts this node is making, in all and at each relying party: the limits that keep a hanging one from
/// taking all there is (I6). Safe from any thread.
/// </summary>
internal sealed class InFlight(int limit, int perRelyingParty)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> byClient = [];
    private int all;

    /// <summary>How many more may be begun, and by whom the limit of one relying party is already used, in part or in full.</summary>
    public (int Room, IReadOnlyDictionary<string, int> Busy) Look()
    {
        lock (gate)
        {
            return (limit - all, new Dictionary<string, int>(byClient));
        }
    }

    public void Begin(string clientId)
    {
        lock (gate)
        {
            all++;
            byClient[clientId] = byClient.GetValueOrDefault(clientId) + 1;
        }
    }

    /// <returns>Whether a limit had been reached, so that something may have been left waiting.</returns>
    public bool End(string clientId)
    {
        lock (gate)
        {
            var count = byClient[clientId];
            var full = all == limit || count == perRelyingParty;
            all--;
            if (count == 1)
            {
                byClient.Remove(clientId);
            }
            else
            {
                byClient[clientId] = count - 1;
            }

            return full;
        }
    }
}
