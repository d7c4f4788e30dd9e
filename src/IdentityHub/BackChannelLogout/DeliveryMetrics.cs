using System.Diagnostics.Metrics;

namespace IdentityHub.BackChannelLogout;

/// <summary>What the dispatcher did, for operators. Meter <c>IdentityHub.BackChannelLogout</c>.</summary>
internal sealed class DeliveryMetrics
{
    private readonly Counter<long> attempts;
    private readonly Counter<long> settled;
    private readonly Counter<long> failures;
    private readonly Histogram<double> confirmation;

    public DeliveryMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("IdentityHub.BackChannelLogout");
        attempts = meter.CreateCounter<long>("identityhub.logout.attempts", "{attempt}", "Attempts to tell a relying party.");
        settled = meter.CreateCounter<long>("identityhub.logout.deliveries", "{delivery}", "Deliveries that are over, by state.");
        failures = meter.CreateCounter<long>("identityhub.logout.failures", "{failure}", "Failures of the hub itself, for example of its database, while delivering.");
        confirmation = meter.CreateHistogram<double>("identityhub.logout.confirmation", "s", "From the commit that ended the session to the relying party's confirmation.");
    }

    public void Failed() => failures.Add(1);

    public void Written(Settlement settlement)
    {
        var client = KeyValuePair.Create<string, object?>("client_id", settlement.Delivery.ClientId);
        attempts.Add(1, client);
        if (settlement.Settled)
        {
            settled.Add(1, client, new("state", settlement.State.ToString()));
        }

        if (settlement.State is DeliveryState.Confirmed)
        {
            confirmation.Record((settlement.At - settlement.Delivery.CreatedAt).TotalSeconds, client);
        }
    }
}
