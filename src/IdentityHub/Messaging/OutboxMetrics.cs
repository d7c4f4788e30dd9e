using System.Diagnostics.Metrics;

namespace IdentityHub.Messaging;

/// <summary>What the relay did, for operators. Meter <c>IdentityHub.Messaging</c>.</summary>
internal sealed class OutboxMetrics
{
    private readonly Counter<long> _published;
    private readonly Counter<long> _failed;

    public OutboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("IdentityHub.Messaging");
        _published = meter.CreateCounter<long>("identityhub.outbox.published", "{message}", "Messages the broker has confirmed.");
        _failed = meter.CreateCounter<long>("identityhub.outbox.failures", "{failure}", "Publishing attempts, and looks into the outbox, that failed and will be repeated.");
    }

    public void Published(int count) => _published.Add(count);

    public void Failed(int count) => _failed.Add(count);
}
