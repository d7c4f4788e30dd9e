using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

/// <summary>What came to nothing is visible, counted against its relying party, and can be tried anew.</summary>
public sealed class UnansweredDeliveriesTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task They_are_counted_listed_and_tried_anew(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address, party => party.GiveUpAfter = TimeSpan.FromHours(2));
        await situation.RelyingPartyAsync("notes", receiver.Address);
        var (unconfirmed, rejected, other, confirmed) = (Over("bank", DeliveryState.Unconfirmed, -1), Over("bank", DeliveryState.Rejected, -2), Over("notes", DeliveryState.Rejected, -3), Over("bank", DeliveryState.Confirmed, -4));
        await database.AddAsync(unconfirmed, rejected, other, confirmed);
        await using var node = await DeliveryNode.StartAsync(database);

        Assert.Equal([new("bank", 1, 1), new("notes", 1, 0)], await AskAsync(node, u => u.CountAsync()));
        Assert.Equal([unconfirmed.Id, rejected.Id], (await AskAsync(node, u => u.ListAsync("bank", 10))).Select(d => d.Id));
        Assert.Equal([unconfirmed.Id], (await AskAsync(node, u => u.ListAsync(null, 1))).Select(d => d.Id));

        var before = TimeProvider.System.GetUtcNow();
        Assert.Equal(2, await AskAsync(node, u => u.RingAgainAsync("admin:1", "bank")));
        await Eventually.TrueAsync(async () => await database.ReadAsync(db => db.Set<LogoutDelivery>().CountAsync(d => d.State == DeliveryState.Confirmed)) == 3, Soon, "both are confirmed");

        var rows = await database.ReadAsync(db => db.Set<LogoutDelivery>().ToDictionaryAsync(d => d.Id));
        Assert.All([rows[unconfirmed.Id], rows[rejected.Id]], row => Assert.Equal((4, "answered 200"), (row.Attempts, row.LastOutcome)));
        Assert.True(rows[rejected.Id].GiveUpAt >= before.AddHours(2) && rows[rejected.Id].GiveUpAt < before.AddHours(3));
        Assert.Equal(DeliveryState.Rejected, rows[other.Id].State);
        Assert.Equal(2, await database.ReadAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "logout_redriven" && e.Actor == "admin:1")));

        Assert.Equal(1, await AskAsync(node, u => u.RingAgainAsync("admin:1", deliveryId: other.Id)));
        Assert.Equal(0, await AskAsync(node, u => u.RingAgainAsync("admin:1", deliveryId: confirmed.Id)));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Behind_an_open_breaker_they_are_given_up_at_their_horizon(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var now = TimeProvider.System.GetUtcNow();
        var (beyond, within, other) = (Situation.Delivery("dead", giveUpAt: now.AddSeconds(-1)), Situation.Delivery("dead"), Situation.Delivery("alive", giveUpAt: now.AddSeconds(-1)));
        await using var app = DeliveryNode.Build(database);
        await database.AddAsync(beyond, within, other);
        var sweep = ActivatorUtilities.CreateInstance<HorizonSweep>(app.Services);

        Assert.Equal(0, await sweep.GiveUpAsync(CancellationToken.None));
        for (var i = 0; i < 4; i++)
        {
            app.Services.GetRequiredService<CircuitBreakers>().Heard(Situation.Delivery("dead"), new DeliveryOutcome.Retry(null, "no answer within 5 s"));
        }

        Assert.Equal(1, await sweep.GiveUpAsync(CancellationToken.None));

        var rows = await database.ReadAsync(db => db.Set<LogoutDelivery>().ToDictionaryAsync(d => d.Id));
        Assert.Equal((DeliveryState.Unconfirmed, 0, null), (rows[beyond.Id].State, rows[beyond.Id].Attempts, rows[beyond.Id].NextAttemptAt));
        Assert.Equal("given up without a last attempt: the application answers none", rows[beyond.Id].LastOutcome);
        Assert.All([rows[within.Id], rows[other.Id]], row => Assert.Equal((DeliveryState.Pending, null), (row.State, row.LeasedUntil)));
        Assert.Equal(1, await database.ReadAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "logout_unconfirmed" && e.SessionId == beyond.SessionId)));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_horizon_is_the_relying_partys_own_where_it_has_one(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("patient", new Uri("https://patient.example/"), party => party.GiveUpAfter = TimeSpan.FromDays(7));
        await situation.RelyingPartyAsync("usual", new Uri("https://usual.example/"));
        var session = await situation.SessionAsync("patient", "usual");
        await using var app = DeliveryNode.Build(database);
        await using var scope = app.Services.CreateAsyncScope();
        var (db, now) = (scope.ServiceProvider.GetRequiredService<HubDb>(), DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()));

        await db.InTransactionAsync(() => scope.ServiceProvider.GetRequiredService<LogoutDeliveries>()
            .PlanAsync(db, new Dictionary<Guid, Guid> { [session.Id] = Guid.CreateVersion7() }, now, CancellationToken.None));

        var rows = await database.ReadAsync(db => db.Set<LogoutDelivery>().ToDictionaryAsync(d => d.ClientId, d => d.GiveUpAt));
        Assert.Equal((now.AddDays(7), now.AddHours(24)), (rows["patient"], rows["usual"]));
    }

    private static LogoutDelivery Over(string clientId, DeliveryState state, int minutes)
    {
        var delivery = Situation.Delivery(clientId);
        (delivery.State, delivery.Attempts, delivery.NextAttemptAt) = (state, 3, null);
        delivery.SettledAt = TimeProvider.System.GetUtcNow().AddMinutes(minutes);
        return delivery;
    }

    private static async Task<T> AskAsync<T>(DeliveryNode node, Func<UnansweredDeliveries, Task<T>> ask)
    {
        await using var scope = node.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<UnansweredDeliveries>());
    }
}
