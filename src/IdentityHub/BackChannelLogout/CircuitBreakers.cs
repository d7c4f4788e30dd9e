using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// The circuit breakers of this node, one per relying party (I6). In memory alone: another node, or this one after a
/// restart, learns within one timeout, and a shared state would be one more thing to be wrong. Safe from any thread.
/// </summary>
internal sealed partial class CircuitBreakers(IOptions<BackChannelLogoutOptions> options, TimeProvider time, ILogger<CircuitBreakers> log)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CircuitBreaker> _byClient = [];

    /// <summary>An attempt came to <paramref name="outcome"/>. Any answer, a refusal too, says that the application is there.</summary>
    public void Heard(LogoutDelivery delivery, DeliveryOutcome outcome)
    {
        if (outcome is DeliveryOutcome.GivenBack)
        {
            return;
        }

        var (opened, closed) = (false, false);
        lock (_gate)
        {
            if (outcome is not DeliveryOutcome.Retry)
            {
                closed = _byClient.Remove(delivery.ClientId, out var breaker) && breaker.Answered();
            }
            else
            {
                if (!_byClient.TryGetValue(delivery.ClientId, out var breaker))
                {
                    _byClient[delivery.ClientId] = breaker = new CircuitBreaker(options.Value.BreakAfter, options.Value.BreakFor);
                }

                opened = breaker.Failed(delivery.Id, time.GetUtcNow());
            }
        }

        if (opened)
        {
            Log.Opened(log, delivery.ClientId, outcome.Words, options.Value.BreakFor);
        }
        else if (closed)
        {
            Log.Closed(log, delivery.ClientId);
        }
    }

    /// <summary>The relying parties whose breaker is not closed.</summary>
    public IReadOnlyDictionary<string, BreakerState> NotClosed()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            return _byClient.Select(b => (b.Key, State: b.Value.State(now))).Where(b => b.State is not BreakerState.Closed).ToDictionary(b => b.Key, b => b.State);
        }
    }

    /// <summary>Those of whom something is known: that have failed since they last answered.</summary>
    public IReadOnlyDictionary<string, BreakerState> Known()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            return _byClient.ToDictionary(b => b.Key, b => b.Value.State(now));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5031, LogLevel.Warning, "{ClientId} does not answer ({Outcome}): from now on it is asked once every {Pause} until it does; its deliveries wait.")]
        public static partial void Opened(ILogger logger, string clientId, string outcome, TimeSpan pause);

        [LoggerMessage(5032, LogLevel.Information, "{ClientId} answers again: its deliveries go on.")]
        public static partial void Closed(ILogger logger, string clientId);
    }
}
