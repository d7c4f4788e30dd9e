using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;
using Xunit;

namespace IdentityHub.Tests.Testing;

public sealed class RabbitMqServerTests(SharedServers servers)
{
    [Fact]
    public async Task Virtual_hosts_do_not_see_each_others_queues()
    {
        var rabbitMq = await servers.RabbitMqAsync();
        await using var mine = await ConnectAsync(await rabbitMq.CreateVirtualHostAsync());
        await using var other = await ConnectAsync(await rabbitMq.CreateVirtualHostAsync());
        await using var myChannel = await mine.CreateChannelAsync();
        await using var otherChannel = await other.CreateChannelAsync();

        await myChannel.QueueDeclareAsync("q", durable: true, exclusive: false, autoDelete: false);

        await Assert.ThrowsAsync<OperationInterruptedException>(() => otherChannel.QueueDeclarePassiveAsync("q"));
    }

    [Fact]
    public async Task A_confirmed_message_survives_a_kill()
    {
        await using var rabbitMq = await RabbitMqServer.StartAsync();
        var address = await rabbitMq.CreateVirtualHostAsync();
        await using (var connection = await ConnectAsync(address))
        {
            await using var channel = await connection.CreateChannelAsync(new CreateChannelOptions(true, true));
            await channel.QueueDeclareAsync("q", durable: true, exclusive: false, autoDelete: false);
            await channel.BasicPublishAsync("", "q", mandatory: true, new BasicProperties { Persistent = true }, Encoding.UTF8.GetBytes("kept"));

            await rabbitMq.KillAsync();
            Assert.False(await TcpProbe.AcceptsAsync(rabbitMq.Port));
        }

        await rabbitMq.StartAgainAsync();

        await using var again = await ConnectAsync(address);
        await using var reader = await again.CreateChannelAsync();
        var message = await reader.BasicGetAsync("q", autoAck: true);
        Assert.Equal("kept", Encoding.UTF8.GetString(message!.Body.Span));
    }

    private static Task<IConnection> ConnectAsync(Uri address) =>
        new ConnectionFactory { Uri = address, AutomaticRecoveryEnabled = false }.CreateConnectionAsync();
}
