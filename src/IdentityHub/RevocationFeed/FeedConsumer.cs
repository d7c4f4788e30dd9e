using IdentityHub.Contracts;
using MassTransit;

namespace IdentityHub.RevocationFeed;

/// <summary>Takes the event of any node for a doorbell and nothing more: what is sent stands in the rows.</summary>
internal sealed class FeedConsumer(FeedSignal signal) : IConsumer<SessionsRevoked>
{
    public Task Consume(ConsumeContext<SessionsRevoked> context)
    {
        signal.Ring();
        return Task.CompletedTask;
    }
}
