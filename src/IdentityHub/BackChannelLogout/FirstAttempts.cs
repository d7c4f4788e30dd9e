using System.Collections.Concurrent;
using IdentityHub.Messaging;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// Wakes the requests of this node that wait for an act's deliveries to have been tried, and knows for whom it is no use
/// to wait. Safe from any thread.
/// </summary>
internal sealed class FirstAttempts(TimeProvider time, CircuitBreakers? breakers = null)
{
    private readonly ConcurrentDictionary<Waiting, Guid> _waiting = [];

    /// <summary>The relying parties that this node knows not to answer at present.</summary>
    public IReadOnlyList<string> Silent => breakers is null ? [] : [.. breakers.NotClosed().Keys];

    public Waiting Watch(Guid revocationId)
    {
        var signal = new Waiting(this, time);
        _waiting[signal] = revocationId;
        return signal;
    }

    /// <summary>These have been tried, and what came of it is written.</summary>
    public void Ring(IReadOnlyCollection<LogoutDelivery> tried)
    {
        var byAct = tried.ToLookup(d => d.RevocationId, d => d.Id);
        foreach (var (signal, revocationId) in _waiting)
        {
            if (byAct.Contains(revocationId))
            {
                signal.Ring(byAct[revocationId]);
            }
        }
    }

    internal sealed class Waiting(FirstAttempts all, TimeProvider time) : Signal(time), IDisposable
    {
        private readonly ConcurrentDictionary<Guid, bool> _tried = [];

        /// <summary>How many this node has tried since the watch began.</summary>
        public int Count => _tried.Count;

        /// <summary>Whether it is one of them.</summary>
        public bool Knows(Guid delivery) => _tried.ContainsKey(delivery);

        internal void Ring(IEnumerable<Guid> tried)
        {
            foreach (var delivery in tried)
            {
                _tried[delivery] = true;
            }

            Ring();
        }

        public void Dispose() => all._waiting.TryRemove(this, out _);
    }
}
