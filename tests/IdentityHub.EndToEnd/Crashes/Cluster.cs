using System.Globalization;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Messaging;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>
/// The hub as it runs for real: two web nodes and two dispatchers as processes, a PostgreSQL and a RabbitMQ of its own,
/// five applications; between the first node of each role and the servers there are wires that can be cut.
/// </summary>
public sealed class Cluster : IAsyncLifetime
{
    private static readonly TimeSpan AfterAReconnection = TimeSpan.FromSeconds(90);

    private Applications? _applications;

    internal RaceHub Hub { get; private set; } = null!;

    internal PostgresServer Postgres { get; private set; } = null!;

    internal RabbitMqServer Broker { get; private set; } = null!;

    internal TcpProxy ToPostgres { get; private set; } = null!;

    internal TcpProxy ToBroker { get; private set; } = null!;

    internal HubProcess Web => Hub.Node(0);

    internal HubProcess Dispatcher => Hub.Node(1);

    internal HubProcess OtherDispatcher => Hub.Node(2);

    public async ValueTask InitializeAsync()
    {
        (Postgres, Broker) = (await PostgresServer.StartAsync(durable: true), await RabbitMqServer.StartAsync());
        (ToPostgres, ToBroker) = (TcpProxy.Start(Postgres.Port), TcpProxy.Start(Broker.Port));
        _applications = await Applications.StartAsync("notes", "bank", "mail", "wiki", "shop");
        Hub = await RaceHub.StartAsync(
            await Postgres.CreateDatabaseAsync(),
            _applications.All,
            await Broker.CreateVirtualHostAsync(),
            nodes: 4,
            new Dictionary<string, string?>
            {
                ["BackChannelLogout__LogoutWait"] = "00:00:00",
                ["BackChannelLogout__Timeout"] = "00:00:02",
                ["BackChannelLogout__DrainWithin"] = "00:00:01",
                // What a dead node held is free again after this; the least that the hub accepts.
                ["BackChannelLogout__Lease"] = "00:00:10",
                ["Logging__LogLevel__IdentityHub"] = "Debug",
            },
            Placed);
    }

    public async ValueTask DisposeAsync()
    {
        await (Hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_applications?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (ToPostgres?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (ToBroker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Postgres?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    /// <summary>Guests who are signed in at every application.</summary>
    internal async Task<IReadOnlyList<Guest>> GuestsAsync(int count)
    {
        var (guests, now) = (await Hub.GuestsAsync(count), TimeProvider.System.GetUtcNow());
        await Hub.Inside.AddAsync(
            from guest in guests
            from application in Hub.Applications
            select new SessionParticipant { SessionId = guest.SessionId, ClientId = application.Settings.ClientId, FirstSeenAt = now, LastCodeAt = now });
        return guests;
    }

    internal Task AssertOutboxEmptiesAsync() => Eventually.TrueAsync(
        async () => await Hub.Inside.AskAsync(db => db.Set<OutboxMessage>().CountAsync()) == 0, AfterAReconnection, "the outbox is empty");

    // The first of each role goes by the wires that can be cut.
    private HubSettings Placed(int node, HubSettings settings)
    {
        var role = node is 0 or 3 ? "web" : "dispatcher";
        settings = settings with { More = new Dictionary<string, string?>(settings.More) { ["Hub__Role"] = role } };
        return node > 1 ? settings : settings with
        {
            Postgres = settings.Postgres!.Replace(
                string.Create(CultureInfo.InvariantCulture, $"Port={Postgres.Port};"), string.Create(CultureInfo.InvariantCulture, $"Port={ToPostgres.Port};"), StringComparison.Ordinal),
            RabbitMq = new UriBuilder(settings.RabbitMq!) { Port = ToBroker.Port }.Uri,
        };
    }
}
