using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>PostgreSQL and RabbitMQ: the real thing.</summary>
public sealed class ServerInstallation(SharedServers servers) : Installation
{
    internal override async Task<HubSettings> ChooseAsync(HubSettings settings) => settings with
    {
        Postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync(),
        RabbitMq = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(),
    };

    // These tests hold the hub to seconds, so nothing else of this program runs beside them.
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class Tests : ICollectionFixture<ServerInstallation>;
}
