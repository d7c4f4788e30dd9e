using System.Diagnostics;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class LogoutDeliveriesTests(SharedServers servers)
{
    private static readonly Uri Anywhere = new("https://app.example/logout");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task Every_participant_with_a_receiver_gets_one_delivery_per_session(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", Anywhere);
        await situation.RelyingPartyAsync("notes", Anywhere);
        await situation.RelyingPartyAsync("deaf", null);
        var both = await situation.SessionAsync("bank", "notes", "deaf", "gone");
        var one = await situation.SessionAsync("bank");
        var untouched = await situation.SessionAsync("bank");
        var revocation = Guid.CreateVersion7();

        Assert.Equal(3, await PlanAsync(database, revocation, both.Id, one.Id));

        var rows = await RowsAsync(database, revocation);
        Assert.Equal(
            [(both.Id, "bank"), (both.Id, "notes"), (one.Id, "bank")],
            rows.Select(d => (d.SessionId, d.ClientId)).OrderBy(r => r.SessionId).ThenBy(r => r.ClientId));
        Assert.DoesNotContain(rows, d => d.SessionId == untouched.Id);
        Assert.All(rows, d =>
        {
            Assert.Equal((situation.Person.Id.ToString(), DeliveryState.Pending, 0), (d.Subject, d.State, d.Attempts));
            Assert.Equal(d.SessionId == both.Id ? both.Sid : one.Sid, d.Sid);
            Assert.Equal((Now, Now, Now.AddHours(24)), (d.CreatedAt, d.NextAttemptAt, d.GiveUpAt));
            Assert.Equal(7, d.Id.Version);
            Assert.Null(d.LeasedUntil);
        });
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Planning_twice_adds_nothing(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", Anywhere);
        var session = await situation.SessionAsync("bank");

        Assert.Equal(1, await PlanAsync(database, Guid.CreateVersion7(), session.Id));
        Assert.Equal(0, await PlanAsync(database, Guid.CreateVersion7(), session.Id));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Sessions_of_many_people_are_planned_at_once_each_under_its_own_act(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (ada, bob) = (new Situation(database), new Situation(database));
        await ada.RelyingPartyAsync("bank", Anywhere);
        await ada.RelyingPartyAsync("notes", Anywhere);
        var (of, bobs) = (await ada.SessionAsync("bank", "notes"), await bob.SessionAsync("bank"));
        var (first, second) = (Guid.CreateVersion7(), Guid.CreateVersion7());

        await using var db = database.Open();
        var told = await db.InTransactionAsync(() => Deliveries(db).PlanAsync(db, new Dictionary<Guid, Guid> { [of.Id] = first, [bobs.Id] = second }, Now, CancellationToken.None));

        Assert.Equal((2, 1), (told[first], told[second]));
        Assert.Equal(bob.Person.Id.ToString(), Assert.Single(await RowsAsync(database, second)).Subject);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task What_is_planned_goes_with_the_transaction_and_only_in_one(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", Anywhere);
        var session = await situation.SessionAsync("bank");
        var revocation = Guid.CreateVersion7();

        await using (var db = database.Open())
        await using (await db.Database.BeginTransactionAsync())
        {
            Assert.Equal(1, (await Deliveries(db).PlanAsync(db, new Dictionary<Guid, Guid> { [session.Id] = revocation }, Now, CancellationToken.None))[revocation]);
        }

        Assert.Empty(await RowsAsync(database, revocation));
        await using var alone = database.Open();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => Deliveries(alone).PlanAsync(alone, new Dictionary<Guid, Guid> { [session.Id] = revocation }, Now, CancellationToken.None));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_wait_ends_when_all_were_tried_by_whatever_node(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var revocation = Guid.CreateVersion7();
        var (first, second) = (Situation.Delivery("bank", revocation: revocation), Situation.Delivery("notes", revocation: revocation));
        await database.AddAsync(first, second, Situation.Delivery("bank"));
        await using var db = database.Open();

        await ChangeAsync(database, first.Id, DeliveryState.Confirmed, attempts: 1);
        var started = Stopwatch.GetTimestamp();
        await Deliveries(db).WaitForFirstAttemptsAsync(revocation, 2, TimeSpan.FromMilliseconds(200), CancellationToken.None);
        Assert.True(Stopwatch.GetElapsedTime(started) > TimeSpan.FromMilliseconds(190), "it went on before the second was tried");

        var waiting = Deliveries(db).WaitForFirstAttemptsAsync(revocation, 2, TimeSpan.FromMinutes(1), CancellationToken.None);
        await ChangeAsync(database, second.Id, DeliveryState.Pending, attempts: 1);
        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task What_this_node_has_tried_is_not_waited_for_whatever_the_row_says()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        var revocation = Guid.CreateVersion7();
        var (first, second) = (Situation.Delivery("bank", revocation: revocation), Situation.Delivery("notes", revocation: revocation));
        await database.AddAsync(first, second);
        await using var db = database.Open();
        var attempts = new FirstAttempts(TimeProvider.System);

        var waiting = Deliveries(db, attempts).WaitForFirstAttemptsAsync(revocation, 2, TimeSpan.FromMinutes(1), CancellationToken.None);
        attempts.Ring([first, Situation.Delivery("bank")]);
        Assert.False(waiting.IsCompleted, "it went on before the second was tried");
        attempts.Ring([second]);

        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_wait_is_bounded_and_nothing_is_waited_for_where_nobody_is_told(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var delivery = Situation.Delivery("bank");
        await database.AddAsync(delivery);
        await using var db = database.Open();
        var started = Stopwatch.GetTimestamp();

        await Deliveries(db).WaitForFirstAttemptsAsync(delivery.RevocationId, 1, TimeSpan.FromMilliseconds(500), CancellationToken.None);
        var bounded = Stopwatch.GetElapsedTime(started);
        await Deliveries(db).WaitForFirstAttemptsAsync(Guid.CreateVersion7(), 1, TimeSpan.FromMinutes(1), CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        Assert.InRange(bounded, TimeSpan.FromMilliseconds(490), TimeSpan.FromSeconds(5));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_view_tells_how_far_it_has_come(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", Anywhere);
        var revocation = Guid.CreateVersion7();
        var (bank, gone) = (Situation.Delivery("bank", due: Now, revocation: revocation), Situation.Delivery("gone", due: Now, revocation: revocation));
        (bank.Attempts, bank.LastOutcome) = (2, "answered 503");
        (gone.State, gone.LastOutcome) = (DeliveryState.Rejected, "not sent");
        await database.AddAsync(bank, gone, Situation.Delivery("bank"));
        await using var db = database.Open();

        var view = await Deliveries(db).OfRevocationAsync(revocation);

        Assert.Equal(
            [
                new DeliveryView("bank", "The bank", DeliveryState.Pending, 2, "answered 503", Now),
                new DeliveryView("gone", "gone", DeliveryState.Rejected, 0, "not sent", null),
            ],
            view.OrderBy(v => v.ClientId));
    }

    private static LogoutDeliveries Deliveries(HubDb db, FirstAttempts? attempts = null) =>
        new(db, attempts ?? new FirstAttempts(TimeProvider.System), Options.Create(new BackChannelLogoutOptions()), TimeProvider.System);

    private static async Task<int> PlanAsync(HubDatabase database, Guid revocation, params Guid[] sessions)
    {
        await using var db = database.Open();
        var told = await db.InTransactionAsync(() => Deliveries(db).PlanAsync(db, sessions.ToDictionary(s => s, _ => revocation), Now, CancellationToken.None));
        return told.GetValueOrDefault(revocation);
    }

    private static Task<List<LogoutDelivery>> RowsAsync(HubDatabase database, Guid revocation) =>
        database.ReadAsync(db => db.Set<LogoutDelivery>().Where(d => d.RevocationId == revocation).ToListAsync());

    private static Task<int> ChangeAsync(HubDatabase database, Guid id, DeliveryState state, int attempts) =>
        database.ReadAsync(db => db.Set<LogoutDelivery>().Where(d => d.Id == id)
            .ExecuteUpdateAsync(d => d.SetProperty(x => x.State, state).SetProperty(x => x.Attempts, attempts)));
}
