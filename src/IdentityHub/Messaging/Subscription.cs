using MassTransit;

namespace IdentityHub.Messaging;

/// <summary>A queue of the hub's own, and what consumes it. Registered by the capability that wants to hear.</summary>
internal sealed record Subscription(string Queue, Action<IReceiveEndpointConfigurator, IServiceProvider> Consume)
{
    public void Open(IReceiveEndpointConfigurator endpoint, IServiceProvider provider)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            // Replicated in a cluster: the death of one broker node takes no message with it.
            rabbit.SetQuorumQueue();
        }

        // Messages of ours are signals about rows. One that cannot be read says nothing, and keeping it would only fill
        // an error queue that nobody empties.
        endpoint.PublishFaults = false;
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
        Consume(endpoint, provider);
    }
}
