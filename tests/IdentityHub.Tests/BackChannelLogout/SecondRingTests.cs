using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

/// <summary>The late session (I7): who got a code just before the end is rung once more, and counted once.</summary>
public sealed class SecondRingTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task Who_got_a_code_just_before_the_end_is_rung_once_more_whatever_it_answered(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var fresh = await ReceiverStub.AnsweringAsync(200);
        await using var late = await AnsweringInTurnAsync(400, 200);
        await using var forgetful = await AnsweringInTurnAsync(200, 400);
        await using var stumbling = await AnsweringInTurnAsync(200, 503, 200);
        await using var settled = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        foreach (var (client, stub) in new[] { ("fresh", fresh), ("late", late), ("forgetful", forgetful), ("stumbling", stumbling), ("settled", settled) })
        {
            await situation.RelyingPartyAsync(client, stub.Address);
        }

        var now = TimeProvider.System.GetUtcNow();
        var session = await situation.SessionAsync("fresh", "late", "forgetful", "stumbling");
        await database.AddAsync(new SessionParticipant { SessionId = session.Id, ClientId = "settled", FirstSeenAt = now, LastCodeAt = now.AddSeconds(-61) });
        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:RingAgainWithin", "00:01:00"), ("BackChannelLogout:RingAgainAfter", "00:00:08"), ("BackChannelLogout:SweepInterval", "00:00:00.2"));
        var act = await EndAsync(node, situation, session);

        var first = await RowsAsync(database, act, rows => rows.TrueForAll(row => row.State is not DeliveryState.Pending));
        Assert.Equal(DeliveryState.Rejected, first["late"].State);
        Assert.Null(first["settled"].NextAttemptAt);
        var last = await RowsAsync(database, act, rows => rows.TrueForAll(row => row.NextAttemptAt is null));

        Assert.Equal((DeliveryState.Confirmed, 2, "answered 200; rung again: answered 200"), Told(last["fresh"]));
        Assert.Equal((DeliveryState.Confirmed, 2, "answered 400: refused; rung again: answered 200"), Told(last["late"]));
        Assert.Equal((DeliveryState.Confirmed, 2, "answered 200; rung again: answered 400: refused"), Told(last["forgetful"]));
        Assert.Equal((DeliveryState.Confirmed, 3, "answered 200; rung again: answered 200"), Told(last["stumbling"]));
        Assert.Equal((DeliveryState.Confirmed, 1, "answered 200"), Told(last["settled"]));
        Assert.Equal([2, 2, 2, 3, 1], new[] { fresh, late, forgetful, stumbling, settled }.Select(stub => stub.Requests.Count));
        await AssertCountedOnceAsync(database, node, act, session);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task One_that_answered_only_after_its_time_is_not_rung_again(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var session = await situation.SessionAsync("bank");
        await using var node = await DeliveryNode.StartAsync(database);
        // Ended while no dispatcher was there: by now the application has long stored what it had to store.
        var act = await EndAsync(node, situation, session, TimeProvider.System.GetUtcNow().AddSeconds(-9));

        var row = (await RowsAsync(database, act, rows => rows.TrueForAll(row => row.State is DeliveryState.Confirmed)))["bank"];

        Assert.NotNull(row.RingAgainAt);
        Assert.Equal((null, 1), (row.NextAttemptAt, row.Attempts));
    }

    // The person sees one line per application, the audit one outcome, and the session no longer owes anything.
    private static async Task AssertCountedOnceAsync(HubDatabase database, DeliveryNode node, Guid act, UserSession session)
    {
        await using var scope = node.Services.CreateAsyncScope();
        Assert.Equal(5, (await scope.ServiceProvider.GetRequiredService<LogoutDeliveries>().OfRevocationAsync(act)).Count);
        var entries = await database.ReadAsync(db => db.Set<AuditEntry>().Where(e => e.SessionId == session.Id).ToListAsync());
        Assert.Equal(
            new Dictionary<string, int> { ["logout_confirmed"] = 5, ["logout_rejected"] = 1, ["logout_rung_again"] = 3 },
            entries.CountBy(e => e.Action).ToDictionary());
    }

    private static async Task<Guid> EndAsync(DeliveryNode node, Situation situation, UserSession session, DateTimeOffset? at = null)
    {
        await using var scope = node.Services.CreateAsyncScope();
        var (db, act) = (scope.ServiceProvider.GetRequiredService<HubDb>(), Guid.CreateVersion7());
        await db.InTransactionAsync(() => scope.ServiceProvider.GetRequiredService<LogoutDeliveries>()
            .PlanAsync(db, new Dictionary<Guid, Guid> { [session.Id] = act }, at ?? TimeProvider.System.GetUtcNow(), CancellationToken.None));
        node.Services.GetRequiredService<Doorbell>().Ring();
        return act;
    }

    private static Task<ReceiverStub> AnsweringInTurnAsync(params int[] statuses)
    {
        var left = new Queue<int>(statuses);
        return ReceiverStub.AnsweringAsync(context =>
        {
            context.Response.StatusCode = left.Dequeue();
            return Task.CompletedTask;
        });
    }

    private static async Task<Dictionary<string, LogoutDelivery>> RowsAsync(HubDatabase database, Guid act, Predicate<List<LogoutDelivery>> when) => (await Eventually.ValueAsync(
        async () => await database.ReadAsync(db => db.Set<LogoutDelivery>().Where(d => d.RevocationId == act).ToListAsync()) is var rows && when(rows) ? rows : null,
        Soon,
        "the deliveries are there")).ToDictionary(row => row.ClientId);

    private static (DeliveryState, int, string?) Told(LogoutDelivery row) => (row.State, row.Attempts, row.LastOutcome);
}
