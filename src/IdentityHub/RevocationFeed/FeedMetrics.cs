using System.Diagnostics.Metrics;

namespace IdentityHub.RevocationFeed;

/// <summary>What the feed does, for operators. Meter <c>IdentityHub.RevocationFeed</c>.</summary>
internal sealed class FeedMetrics
{
    private readonly UpDownCounter<long> _subscribers;
    private readonly Counter<long> _overruns;
    private readonly Counter<long> _failures;
    private readonly Histogram<double> _delay;

    public FeedMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("IdentityHub.RevocationFeed");
        _subscribers = meter.CreateUpDownCounter<long>("identityhub.feed.subscribers", "{subscriber}", "Open streams.");
        _overruns = meter.CreateCounter<long>("identityhub.feed.overruns", "{subscriber}", "Streams for which more came at once than may wait; they go on from the database.");
        _failures = meter.CreateCounter<long>("identityhub.feed.failures", "{failure}", "Looks into the database that failed.");
        _delay = meter.CreateHistogram<double>("identityhub.feed.delay", "s", "From the act of revocation to the moment its event was handed to the streams of this node.");
    }

    public void Subscribers(int change) => _subscribers.Add(change);

    public void Overrun() => _overruns.Add(1);

    public void Failed() => _failures.Add(1);

    public void Sent(TimeSpan delay) => _delay.Record(delay.TotalSeconds);
}
