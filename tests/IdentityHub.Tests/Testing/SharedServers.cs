using IdentityHub.Tests.Testing;

[assembly: Xunit.AssemblyFixture(typeof(SharedServers))]

namespace IdentityHub.Tests.Testing;

/// <summary>
/// One PostgreSQL and one RabbitMQ per test process, started by the first test that asks. Take it as a constructor
/// parameter of the test class. A test that kills a server starts one of its own.
/// </summary>
public sealed class SharedServers : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _postgres = new(() => PostgresServer.StartAsync());
    private readonly Lazy<Task<RabbitMqServer>> _rabbitMq = new(RabbitMqServer.StartAsync);

    internal Task<PostgresServer> PostgresAsync() => _postgres.Value;

    internal Task<RabbitMqServer> RabbitMqAsync() => _rabbitMq.Value;

    public async ValueTask DisposeAsync()
    {
        await DisposeAsync(_postgres);
        await DisposeAsync(_rabbitMq);
    }

    private static async Task DisposeAsync<T>(Lazy<Task<T>> server)
        where T : IAsyncDisposable
    {
        // One that failed to start has said so in the test that asked for it.
        if (server.IsValueCreated && server.Value is { IsCompletedSuccessfully: true })
        {
            await server.Value.Result.DisposeAsync();
        }
    }
}
