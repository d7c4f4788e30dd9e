using MassTransit;

namespace IdentityHub.Messaging;

/// <summary>A queue of the hub's own, and what consumes it. Registered by the capability that wants to hear.</summary>
/// <param name="Queue">The queue's name; where each node has its own, what that begins with.</param>
/// <param name="Consume">What consumes it.</param>
/// <param name="OfNode">Each node has a queue that goes with it, and hears everything: what it misses while away it must learn elsewhere.</param>
internal sealed record Subscription(string Queue, Action<IReceiveEndpointConfigurator, IServiceProvider> Consume, bool OfNode = false)
{
    /// <summary>The name of the queue of this process.</summary>
    public string Name { get; } = OfNode ? $"{Queue}-{NewId.NextGuid():N}" : Queue;

    public void Open(IReceiveEndpointConfigurator endpoint, IServiceProvider provider)
    {
        if (endpoint is IRabbitMqReceiveEndpointConfigurator rabbit)
        {
            if (OfNode)
            {
                rabbit.AutoDelete = true;
            }
            else
            {
                // Replicated in a cluster: the death of one broker node takes no message with it.
                rabbit.SetQuorumQueue();
            }
        }

        // Messages of ours are signals about rows. One that cannot be read says nothing, and keeping it would only fill
        // an error queue that nobody empties.
        endpoint.PublishFaults = false;
        endpoint.DiscardFaultedMessages();
        endpoint.DiscardSkippedMessages();
        Consume(endpoint, provider);
    }
}
