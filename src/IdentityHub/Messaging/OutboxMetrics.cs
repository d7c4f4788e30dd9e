using System.Diagnostics.Metrics;

namespace IdentityHub.Messaging;

/// <summary>What the relay did, for operators. Meter <c>IdentityHub.Messaging</c>.</summary>
internal sealed class OutboxMetrics
{
    private readonly Counter<long> published;
    private readonly Counter<long> failed;

    public OutboxMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("IdentityHub.Messaging");
        published = meter.CreateCounter<long>("identityhub.outbox.published", "{message}", "Messages the broker has confirmed.");
        failed = meter.CreateCounter<long>("identityhub.outbox.failures", "{failure}", "Publishing attempts, and looks into the outbox, that failed and will be repeated.");
    }

    public void Published(int count) => published.Add(count);

    public void Failed(int count) => failed.Add(count);
}
