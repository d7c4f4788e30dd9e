using System.Globalization;
using System.Security.Cryptography;
using Testcontainers.RabbitMq;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// A throwaway RabbitMQ. A virtual host keeps tests apart; making one costs about a second, so take one per class
/// rather than one per test.
/// </summary>
internal sealed class RabbitMqServer : IAsyncDisposable
{
    private readonly IServerHost _host;

    private RabbitMqServer(IServerHost host, int port)
    {
        _host = host;
        Port = port;
    }

    public int Port { get; }

    public static async Task<RabbitMqServer> StartAsync()
    {
        var port = FreePorts.Next();
        var server = new RabbitMqServer(ContainerHost.EngineAnswers ? Container(port) : new LocalRabbitMq(port), port);
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <returns>The address of a new virtual host, for <c>ConnectionStrings__RabbitMq</c>.</returns>
    public async Task<Uri> CreateVirtualHostAsync()
    {
        var name = $"test-{RandomNumberGenerator.GetHexString(12, lowercase: true)}";
        await _host.ToolAsync("rabbitmqctl", "add_vhost", name);
        await _host.ToolAsync("rabbitmqctl", "set_permissions", "-p", name, "guest", ".*", ".*", ".*");
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"amqp://guest:guest@127.0.0.1:{Port}/{name}"));
    }

    /// <summary>SIGKILL: what was confirmed must survive, the rest may not.</summary>
    public Task KillAsync() => _host.KillAsync();

    /// <summary>The same data on the same port, ready when this returns.</summary>
    /// <remarks>A node opens its listeners as the last step of its start, so a greeting means that all of it is up.</remarks>
    public Task StartAgainAsync() => _host.StartAsync(() => AmqpProbe.GreetsAsync(Port));

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static ContainerHost Container(int port) => new(new RabbitMqBuilder("rabbitmq:4-alpine")
        .WithUsername("guest")
        .WithPassword("guest")
        .WithPortBinding(port, RabbitMqBuilder.RabbitMqPort)
        .Build());
}
