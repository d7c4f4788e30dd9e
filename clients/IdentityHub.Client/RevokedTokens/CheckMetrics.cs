using System.Diagnostics.Metrics;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>What an operator watches of the check (the README lists it).</summary>
internal sealed class CheckMetrics
{
    private readonly Counter<long> _refused;
    private readonly Counter<long> _events;
    private readonly Counter<long> _connections;

    public CheckMetrics(IMeterFactory meters, RevokedTokens tokens)
    {
        var meter = meters.Create(IdentityHubDefaults.MeterName);
        _refused = meter.CreateCounter<long>("identityhub.client.tokens.refused", "{token}", "Access tokens that were refused although they are valid and have not expired.");
        _events = meter.CreateCounter<long>("identityhub.client.feed.events", "{event}", "What the feed told.");
        _connections = meter.CreateCounter<long>("identityhub.client.feed.connections", "{connection}", "Streams of the feed that ended, with the failure where it was one.");
        meter.CreateObservableGauge("identityhub.client.revoked.entries", () => tokens.Count, "{entry}", "Ended sessions and persons that are remembered.");
        // Before the first word there is nothing to measure from.
        meter.CreateObservableGauge(
            "identityhub.client.feed.behind",
            () => tokens.Behind is var behind && behind < TimeSpan.MaxValue ? [new Measurement<double>(behind.TotalSeconds)] : Array.Empty<Measurement<double>>(),
            "s", "Since when it is not known that nothing is missing.");
    }

    public void Refused(string why) => _refused.Add(1, new KeyValuePair<string, object?>("identityhub.refusal", why));

    public void Told(string type) => _events.Add(1, new KeyValuePair<string, object?>("identityhub.event", type));

    public void Ended(Exception? error)
    {
        if (error is null)
        {
            _connections.Add(1);
        }
        else
        {
            _connections.Add(1, new KeyValuePair<string, object?>("error.type", error.GetType().FullName));
        }
    }
}
