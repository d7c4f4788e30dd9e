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

    public void Ring(IReadOnlySet<Guid> revocationIds)
    {
        foreach (var (signal, revocationId) in _waiting)
        {
            if (revocationIds.Contains(revocationId))
            {
                signal.Ring();
            }
        }
    }

    internal sealed class Waiting(FirstAttempts all, TimeProvider time) : Signal(time), IDisposable
    {
        public void Dispose() => all._waiting.TryRemove(this, out _);
    }
}
