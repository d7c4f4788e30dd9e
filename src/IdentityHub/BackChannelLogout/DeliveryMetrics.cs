using System.Diagnostics.Metrics;

namespace IdentityHub.BackChannelLogout;

/// <summary>What the dispatcher did, for operators. Meter <c>IdentityHub.BackChannelLogout</c>.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _settled;
    private readonly Counter<long> _rungAgain;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _confirmation;

    private volatile IReadOnlyList<Backlog> _backlog = [];

    public DeliveryMetrics(IMeterFactory meters, CircuitBreakers breakers, TimeProvider time)
    {
        var meter = meters.Create("IdentityHub.BackChannelLogout");
        _attempts = meter.CreateCounter<long>("identityhub.logout.attempts", "{attempt}", "Attempts to tell a relying party.");
        _settled = meter.CreateCounter<long>("identityhub.logout.deliveries", "{delivery}", "Deliveries that are decided, by state.");
        _rungAgain = meter.CreateCounter<long>("identityhub.logout.second_rings", "{attempt}", "Attempts at relying parties that had answered and were rung once more, because they got a code just before the end.");
        _failures = meter.CreateCounter<long>("identityhub.logout.failures", "{failure}", "Failures of the hub itself, for example of its database, while delivering.");
        meter.CreateObservableGauge("identityhub.logout.due", () => _backlog.Select(b => new Measurement<int>(b.Count, Client(b.ClientId))), "{delivery}", "Deliveries that are due and wait for an attempt, over all nodes.");
        meter.CreateObservableGauge("identityhub.logout.due.oldest", () => _backlog.Select(b => new Measurement<double>((time.GetUtcNow() - b.Oldest).TotalSeconds, Client(b.ClientId))), "s", "How long the longest due of them has been due.");
        meter.CreateObservableGauge("identityhub.logout.breaker", () => breakers.Known().Select(b => new Measurement<int>((int)b.Value, Client(b.Key))), "{state}", "The circuit breaker of this node: 0 closed, 1 half open, 2 open.");
        _confirmation = meter.CreateHistogram<double>("identityhub.logout.confirmation", "s", "From the commit that ended the session to the relying party's confirmation.");
    }

    public void Failed() => _failures.Add(1);

    /// <summary>What is due and not yet tried, as it was looked up last.</summary>
    public void Due(IReadOnlyList<Backlog> backlog) => _backlog = backlog;

    private static KeyValuePair<string, object?> Client(string clientId) => KeyValuePair.Create<string, object?>("client_id", clientId);

    public void Written(Settlement settlement)
    {
        var client = KeyValuePair.Create<string, object?>("client_id", settlement.Delivery.ClientId);
        _attempts.Add(1, client);
        if (settlement.RungAgain)
        {
            _rungAgain.Add(1, client);
        }

        if (settlement.Concluded)
        {
            _settled.Add(1, client, new("state", settlement.State.ToString()));
        }

        if (settlement is { Concluded: true, State: DeliveryState.Confirmed })
        {
            _confirmation.Record((settlement.At - settlement.Delivery.CreatedAt).TotalSeconds, client);
        }
    }
}

/// <summary>What is due of one relying party, and since when the longest due has been.</summary>
internal sealed record Backlog(string ClientId, int Count, DateTimeOffset Oldest);
