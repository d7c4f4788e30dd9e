using IdentityHub.Contracts;
using MassTransit;

namespace IdentityHub.BackChannelLogout;

/// <summary>Takes the event for a doorbell and nothing more: what is to be delivered stands in the rows, and they are the truth.</summary>
internal sealed class SessionsRevokedConsumer(Doorbell doorbell) : IConsumer<SessionsRevoked>
{
    public const string Queue = "identityhub-dispatcher";

    public Task Consume(ConsumeContext<SessionsRevoked> context)
    {
        doorbell.Ring();
        return Task.CompletedTask;
    }
}
