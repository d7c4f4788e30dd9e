using System.Diagnostics.Metrics;

namespace IdentityHub.Messaging;

/// <summary>What the relay did, for operators. Meter <c>IdentityHub.Messaging</c>.</summary>
internal sealed class OutboxMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _failed;

    private DateTimeOffset? _oldest;

    public OutboxMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create("IdentityHub.Messaging");
        _published = meter.CreateCounter<long>("identityhub.outbox.published", "{message}", "Messages the broker has confirmed.");
        meter.CreateObservableGauge("identityhub.outbox.lag", () => _oldest is { } since ? (time.GetUtcNow() - since).TotalSeconds : 0, "s", "How long the oldest message that the broker has not confirmed has waited.");
        _failed = meter.CreateCounter<long>("identityhub.outbox.failures", "{failure}", "Publishing attempts, and looks into the outbox, that failed and will be repeated.");
    }

    /// <summary>The oldest message that is still owed, as the relay saw it last; null when there was none.</summary>
    public void Owed(DateTimeOffset? oldest) => _oldest = oldest;

    public void Published(int count) => _published.Add(count);

    public void Failed(int count) => _failed.Add(count);
}
