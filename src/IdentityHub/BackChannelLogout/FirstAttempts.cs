using System.Collections.Concurrent;
using IdentityHub.Messaging;

namespace IdentityHub.BackChannelLogout;

/// <summary>Wakes the requests of this node that wait for an act's deliveries to have been tried. Safe from any thread.</summary>
internal sealed class FirstAttempts(TimeProvider time)
{
    private readonly ConcurrentDictionary<Waiting, Guid> _waiting = [];

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
