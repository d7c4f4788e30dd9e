using System.Collections.Concurrent;
using IdentityHub.BackChannelLogout;
using IdentityHub.Contracts;
using IdentityHub.Messaging;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RabbitMQ.Client;
using Xunit;

namespace IdentityHub.Tests.Messaging;

public sealed class OutboxRelayTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task A_foreign_consumer_reads_the_contract_as_plain_JSON(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var broker = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync();
        await using var other = await Subscriber.ListenAsync(broker);
        await using var node = await DeliveryNode.StartAsync(database, OnRabbitMq(broker));
        await ConnectedAsync(node);
        var message = OutboxTests.Event("signed_out");

        var row = await OweAsync(database, message);
        node.Services.GetRequiredService<OutboxSignal>().Ring();

        var heard = await other.NextAsync(Soon);
        Assert.Equal(
            $$"""{"revocationId":"{{message.RevocationId}}","reason":"signed_out","subject":"the-sub","sids":["sid-1","sid-2"],"revokedAt":"2030-01-02T03:04:05+00:00","allTokens":false}""",
            heard.Body);
        Assert.Equal(("application/json", row.Id.ToString(), true), (heard.ContentType, heard.MessageId, heard.Persistent));
        await EmptyAsync(database);
        Assert.True(other.HeardNothingMore);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task In_memory_the_doorbell_rings_the_dispatcher(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var node = await DeliveryNode.StartAsync(database, SweepRarely);
        await ConnectedAsync(node);

        await RungAsync(database, node);
        await EmptyAsync(database);
    }

    [Fact]
    public async Task On_RabbitMQ_a_replicated_queue_rings_the_dispatcher()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        var broker = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync();
        await using var node = await DeliveryNode.StartAsync(database, [.. OnRabbitMq(broker), SweepRarely]);
        await ConnectedAsync(node);

        await RungAsync(database, node);

        await using var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        // Refused by the broker if the queue were of another kind.
        await channel.QueueDeclareAsync(
            SessionsRevokedConsumer.Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
    }

    [Fact]
    public async Task A_lost_ring_costs_only_the_time_until_the_next_look()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var node = await DeliveryNode.StartAsync(database);
        await OweAsync(database, OutboxTests.Event("signed_out"));
        node.Services.GetRequiredService<OutboxSignal>().Ring();
        await EmptyAsync(database);

        // The relay has looked and waits.
        await OweAsync(database, OutboxTests.Event("signed_out"));

        await EmptyAsync(database);
    }

    [Fact]
    public async Task A_node_starts_without_the_broker_owes_and_delivers_each_time_it_is_back()
    {
        await using var rabbitMq = await RabbitMqServer.StartAsync();
        var broker = await rabbitMq.CreateVirtualHostAsync();
        await using (await Subscriber.ListenAsync(broker))
        {
            // Its queue is durable and collects from here on.
        }

        await rabbitMq.KillAsync();
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var node = await DeliveryNode.StartAsync(database, OnRabbitMq(broker));
        var first = await OweAsync(database, OutboxTests.Event("before the broker was there"));
        node.Services.GetRequiredService<OutboxSignal>().Ring();
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(node));

        await rabbitMq.StartAgainAsync();
        await EmptyAsync(database);

        await rabbitMq.KillAsync();
        var second = await OweAsync(database, OutboxTests.Event("while the broker was away"));
        node.Services.GetRequiredService<OutboxSignal>().Ring();
        await rabbitMq.StartAgainAsync();
        await EmptyAsync(database);

        await using var other = await Subscriber.ListenAsync(broker);
        Assert.Equal(first.Id.ToString(), (await other.NextAsync(Soon)).MessageId);
        // At least once: the first may have been repeated.
        await Eventually.TrueAsync(async () => (await other.NextAsync(Soon)).MessageId == second.Id.ToString(), Soon, "the second arrives");
    }

    [Fact]
    public async Task A_node_stops_while_the_broker_is_away_and_still_owes()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var node = await DeliveryNode.StartAsync(database, OnRabbitMq(new Uri($"amqp://guest:guest@127.0.0.1:{FreePorts.Next()}/")));
        await OweAsync(database, OutboxTests.Event("signed_out"));
        node.Services.GetRequiredService<OutboxSignal>().Ring();

        await node.StopAsync().WaitAsync(Soon);

        Assert.Equal(1, await database.ReadAsync(db => db.Set<OutboxMessage>().CountAsync()));
    }

    [Fact]
    public async Task The_relays_of_several_nodes_share_the_rows()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        var broker = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync();
        await using var other = await Subscriber.ListenAsync(broker);
        await using var first = await DeliveryNode.StartAsync(database, OnRabbitMq(broker));
        await using var second = await DeliveryNode.StartAsync(database, OnRabbitMq(broker));
        await ConnectedAsync(first);
        await ConnectedAsync(second);
        var owed = new ConcurrentBag<string?>();
        await Parallel.ForAsync(0, 40, async (i, _) =>
        {
            for (var n = 0; n < 10; n++)
            {
                owed.Add((await OweAsync(database, OutboxTests.Event($"{i}-{n}"))).Id.ToString());
                (n % 2 == 0 ? first : second).Services.GetRequiredService<OutboxSignal>().Ring();
            }
        });

        List<string?> heard = [];
        while (heard.Count < owed.Count)
        {
            heard.Add((await other.NextAsync(Soon)).MessageId);
        }

        await EmptyAsync(database);
        Assert.Equal(owed.Order(), heard.Order());
        Assert.True(other.HeardNothingMore);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Messages_of_a_newer_node_are_left_to_it_and_block_nobody(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        // More than the relay takes at once, and older than anything else.
        await database.AddAsync([.. Enumerable.Range(0, 150).Select(_ => new OutboxMessage
        {
            Id = Guid.CreateVersion7(DateTimeOffset.UnixEpoch), Type = "NotYetKnown", Body = "{}", CreatedAt = DateTimeOffset.UnixEpoch,
        })]);
        await using var node = await DeliveryNode.StartAsync(database);

        var row = await OweAsync(database, OutboxTests.Event("signed_out"));
        node.Services.GetRequiredService<OutboxSignal>().Ring();

        await Eventually.TrueAsync(
            async () => !await database.ReadAsync(db => db.Set<OutboxMessage>().AnyAsync(m => m.Id == row.Id)), Soon, "the known message is gone");
        Assert.Equal(150, await database.ReadAsync(db => db.Set<OutboxMessage>().CountAsync()));
    }

    private static (string Name, string Value) SweepRarely => ("BackChannelLogout:SweepInterval", "00:01:00");

    private static (string Name, string Value)[] OnRabbitMq(Uri broker) => [("Messaging:Transport", "RabbitMq"), ("ConnectionStrings:RabbitMq", broker.AbsoluteUri)];

    // With the dispatcher's own look a minute away, a delivery that goes out was rung for.
    private static async Task RungAsync(HubDatabase database, DeliveryNode node)
    {
        await using var bank = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("first", bank.Address);
        await situation.RelyingPartyAsync("second", bank.Address);
        // Settled means that the dispatcher has made its look at the start and waits.
        node.Services.GetRequiredService<Doorbell>().Ring();
        var early = await situation.DeliveryAsync("first");
        node.Services.GetRequiredService<Doorbell>().Ring();
        await Eventually.TrueAsync(
            () => database.ReadAsync(db => db.Set<LogoutDelivery>().AnyAsync(d => d.Id == early.Id && d.State == DeliveryState.Confirmed)), Soon, "the first is confirmed");

        await situation.DeliveryAsync("second");
        await OweAsync(database, OutboxTests.Event("signed_out"));
        node.Services.GetRequiredService<OutboxSignal>().Ring();

        await Eventually.TrueAsync(() => bank.Requests.Count == 2, Soon, "the second went out");
    }

    private static async Task<OutboxMessage> OweAsync(HubDatabase database, SessionsRevoked message)
    {
        await using var db = database.Open();
        new Outbox(TimeProvider.System).Add(db, message);
        await db.SaveChangesAsync();
        return db.Set<OutboxMessage>().Local.Single();
    }

    private static Task EmptyAsync(HubDatabase database) => Eventually.TrueAsync(
        async () => !await database.ReadAsync(db => db.Set<OutboxMessage>().AnyAsync()), Soon * 2, "the outbox is empty");

    // Before that a message may be lost in memory, and one that was waited for too long is sent twice.
    private static Task ConnectedAsync(DeliveryNode node) =>
        Eventually.TrueAsync(async () => await HealthAsync(node) is HealthStatus.Healthy, Soon, "the bus is connected");

    private static async Task<HealthStatus> HealthAsync(DeliveryNode node) => (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;
}
