namespace IdentityHub.BackChannelLogout;

/// <summary>
/// What this node believes of one relying party. Closed: it answers. Open: as many different deliveries in a row failed
/// as are needed, and it is left alone for a while; after that one attempt at a time tries whether it is back. One
/// delivery that fails again and again opens nothing: its own back-off is enough, and the others get through.
/// Not safe for several threads: <see cref="CircuitBreakers"/> is.
/// </summary>
internal sealed class CircuitBreaker(int failures, TimeSpan pause)
{
    private readonly HashSet<Guid> _failed = [];
    private DateTimeOffset? _openUntil;

    public BreakerState State(DateTimeOffset now) =>
        _openUntil is not { } until ? BreakerState.Closed : now < until ? BreakerState.Open : BreakerState.HalfOpen;

    /// <returns>Whether this opened it.</returns>
    public bool Failed(Guid deliveryId, DateTimeOffset now)
    {
        var was = _openUntil;
        // A probe that failed opens it again at once; what was under way when it opened says nothing new.
        if (was is null ? _failed.Add(deliveryId) && _failed.Count >= failures : now >= was)
        {
            _openUntil = now + pause;
        }

        return was is null && _openUntil is not null;
    }

    /// <returns>Whether this closed it.</returns>
    public bool Answered()
    {
        var was = _openUntil;
        _openUntil = null;
        _failed.Clear();
        return was is not null;
    }
}

internal enum BreakerState
{
    Closed,
    HalfOpen,
    Open,
}
