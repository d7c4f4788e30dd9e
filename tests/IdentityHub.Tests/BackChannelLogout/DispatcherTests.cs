using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class DispatcherTests(SharedServers servers)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task Each_relying_party_gets_a_token_it_can_verify_and_the_row_tells(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var bank = await ReceiverStub.AnsweringAsync(200);
        await using var notes = await ReceiverStub.AnsweringAsync(204);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", bank.Address);
        await situation.RelyingPartyAsync("notes", notes.Address, party =>
            (party.IdTokenSignedResponseAlg, party.LogoutTokenSubject) = ("ES256", LogoutTokenSubject.SidAndSub));
        var deliveries = new[] { await situation.DeliveryAsync("bank"), await situation.DeliveryAsync("notes") };

        await using var node = await DeliveryNode.StartAsync(database);

        var rows = new[] { await SettledAsync(database, deliveries[0]), await SettledAsync(database, deliveries[1]) };
        Assert.All(rows, row => Assert.Equal((DeliveryState.Confirmed, 1, null), (row.State, row.Attempts, row.LeasedUntil)));
        Assert.Equal([200, 204], rows.Select(row => row.LastStatus!.Value));
        var (toBank, toNotes) = (Assert.Single(bank.Tokens), Assert.Single(notes.Tokens));
        Assert.Equal("RS256", await VerifiedAsync(node, toBank, "bank", deliveries[0].Sid));
        Assert.Equal("ES256", await VerifiedAsync(node, toNotes, "notes", deliveries[1].Sid));
        Assert.Equal(situation.Person.Id.ToString(), new JsonWebToken(toNotes).Subject);
        Assert.Equal(2, await database.ReadAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "logout_confirmed" && e.UserId == situation.Person.Id)));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_key_that_is_rotated_between_two_attempts_signs_the_second_and_the_first_can_still_be_verified(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        string? firstKey = null;
        await using var bank = await ReceiverStub.AnsweringAsync(async context =>
        {
            var key = new JsonWebToken((await context.Request.ReadFormAsync())["logout_token"].ToString()).Kid;
            context.Response.StatusCode = key == (firstKey ??= key) ? 503 : 200;
        });
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", bank.Address);
        var delivery = await situation.DeliveryAsync("bank");
        await using var node = await DeliveryNode.StartAsync(database);
        await Eventually.TrueAsync(() => !bank.Requests.IsEmpty, Soon, "the first attempt is made");

        await RotatedAsync(node, "RS256");

        Assert.Equal(DeliveryState.Confirmed, (await SettledAsync(database, delivery)).State);
        var (first, last) = (bank.Tokens[0], bank.Tokens[^1]);
        Assert.NotEqual(new JsonWebToken(first).Kid, new JsonWebToken(last).Kid);
        Assert.Equal("RS256", await VerifiedAsync(node, first, "bank", delivery.Sid));
        Assert.Equal("RS256", await VerifiedAsync(node, last, "bank", delivery.Sid));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task One_that_hangs_delays_nobody_else_and_never_gets_more_than_its_limit(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var hanging = await ReceiverStub.AnsweringAsync(ReceiverStub.Hang);
        await using var healthy = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("hanging", hanging.Address);
        await situation.RelyingPartyAsync("healthy", healthy.Address);
        await database.AddAsync([.. Enumerable.Range(0, 50).Select(_ => Situation.Delivery("hanging", situation.Person))]);
        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:Timeout", "00:00:30"), ("BackChannelLogout:Lease", "00:02:00"), ("BackChannelLogout:PerRelyingParty", "3"), ("BackChannelLogout:InFlight", "8"));
        await Eventually.TrueAsync(() => hanging.Requests.Count == 3, Soon, "the hanging one is asked as often as it may");

        for (var i = 0; i < 20; i++)
        {
            var delivery = await situation.DeliveryAsync("healthy");
            node.Services.GetRequiredService<Doorbell>().Ring();
            // Half of what one that waited for the hanging one would need.
            Assert.Equal(DeliveryState.Confirmed, (await SettledAsync(database, delivery, within: TimeSpan.FromSeconds(15))).State);
        }

        Assert.Equal(3, hanging.Requests.Count);
        Assert.Equal(3, hanging.MostAtOnce);
        // The node's own drain need not wait for it.
        await hanging.DisposeAsync();
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_backlog_is_worked_off_within_the_limit_without_waiting_for_the_next_look(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        await database.AddAsync([.. Enumerable.Range(0, 30).Select(_ => Situation.Delivery("bank", situation.Person))]);

        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:SweepInterval", "00:01:00"), ("BackChannelLogout:PerRelyingParty", "2"));

        await Eventually.TrueAsync(
            () => database.ReadAsync(db => db.Set<LogoutDelivery>().AllAsync(d => d.State == DeliveryState.Confirmed)), Soon, "all are confirmed");
        Assert.InRange(receiver.MostAtOnce, 1, 2);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task What_fails_is_tried_again_with_a_fresh_token_until_it_is_confirmed(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var answers = new Queue<int>([503, 500, 200]);
        await using var receiver = await ReceiverStub.AnsweringAsync(context =>
        {
            context.Response.StatusCode = answers.Dequeue();
            return Task.CompletedTask;
        });
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var delivery = await situation.DeliveryAsync("bank");

        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:SweepInterval", "00:00:00.1"));

        var row = await SettledAsync(database, delivery);
        Assert.Equal((DeliveryState.Confirmed, 3, 200), (row.State, row.Attempts, row.LastStatus));
        Assert.Equal(3, receiver.Tokens.Select(token => new JsonWebToken(token).Id).Distinct().Count());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_refusal_is_final_and_shown_as_one(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var refusing = await ReceiverStub.AnsweringAsync(400);
        await using var other = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("refusing", refusing.Address);
        await situation.RelyingPartyAsync("other", other.Address);
        var refused = await situation.DeliveryAsync("refusing");

        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:SweepInterval", "00:00:00.1"));
        var row = await SettledAsync(database, refused);
        // Claims go by age: had the refused one still been due, it would have gone out before this one.
        await SettledAsync(database, await situation.DeliveryAsync("other"));

        Assert.Equal((DeliveryState.Rejected, 1, 400), (row.State, row.Attempts, row.LastStatus));
        Assert.Single(refusing.Requests);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Beyond_the_horizon_one_that_fails_is_unconfirmed(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(503);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var delivery = Situation.Delivery("bank", giveUpAt: TimeProvider.System.GetUtcNow());
        await database.AddAsync(delivery);

        await using var node = await DeliveryNode.StartAsync(database);

        var row = await SettledAsync(database, delivery);
        Assert.Equal((DeliveryState.Unconfirmed, 1, "answered 503"), (row.State, row.Attempts, row.LastOutcome));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task One_without_receiver_is_rejected_with_the_reason(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("deaf", null);
        var deliveries = new[] { await situation.DeliveryAsync("deaf"), await situation.DeliveryAsync("gone") };

        await using var node = await DeliveryNode.StartAsync(database);

        foreach (var delivery in deliveries)
        {
            var row = await SettledAsync(database, delivery);
            Assert.Equal((DeliveryState.Rejected, 0), (row.State, row.Attempts));
            Assert.Equal("not sent: the application is no longer registered or has no back-channel logout URI", row.LastOutcome);
        }
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_fault_of_the_hub_is_no_answer_and_stops_nothing(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("odd", receiver.Address, party => party.IdTokenSignedResponseAlg = "HS256");
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var odd = await situation.DeliveryAsync("odd");

        await using var node = await DeliveryNode.StartAsync(database);
        await Eventually.TrueAsync(async () => (await RowAsync(database, odd)).Attempts > 0, Soon, "the odd one was attempted");
        await SettledAsync(database, await situation.DeliveryAsync("bank"));

        var row = await RowAsync(database, odd);
        Assert.Equal(DeliveryState.Pending, row.State);
        Assert.StartsWith("not sent: the hub failed", row.LastOutcome, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_node_that_stops_finishes_and_writes_what_it_has_begun(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var release = new TaskCompletionSource();
        await using var receiver = await ReceiverStub.AnsweringAsync(_ => release.Task);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var delivery = await situation.DeliveryAsync("bank");
        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:Timeout", "00:00:30"), ("BackChannelLogout:Lease", "00:10:00"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, Soon, "the attempt is under way");

        var stopping = node.StopAsync();
        Assert.Equal(DeliveryState.Pending, (await RowAsync(database, delivery)).State);
        release.SetResult();
        await stopping;

        Assert.Equal(DeliveryState.Confirmed, (await RowAsync(database, delivery)).State);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_node_that_stops_gives_back_what_takes_too_long(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(ReceiverStub.Hang);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var delivery = await situation.DeliveryAsync("bank");
        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:DrainWithin", "00:00:01"), ("BackChannelLogout:Timeout", "00:00:30"), ("BackChannelLogout:Lease", "00:10:00"));
        await Eventually.TrueAsync(() => receiver.Requests.Count == 1, Soon, "the attempt is under way");

        await node.StopAsync().WaitAsync(Soon);

        var row = await RowAsync(database, delivery);
        Assert.Equal((DeliveryState.Pending, 1, null, "not waited for: the node was stopped"), (row.State, row.Attempts, row.LeasedUntil, row.LastOutcome));
        Assert.True(row.NextAttemptAt <= TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task The_waiting_request_is_woken_by_its_own_node()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        await using var node = await DeliveryNode.StartAsync(database);
        var delivery = Situation.Delivery("bank", situation.Person);
        using var watch = node.Services.GetRequiredService<FirstAttempts>().Watch(delivery.RevocationId);
        await database.AddAsync(delivery);

        node.Services.GetRequiredService<Doorbell>().Ring();
        await watch.WaitAsync(Soon * 2, CancellationToken.None).WaitAsync(Soon);

        Assert.Equal(DeliveryState.Confirmed, (await RowAsync(database, delivery)).State);
    }

    [Fact]
    public async Task A_database_that_goes_away_and_comes_back_costs_only_the_time()
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        await using var database = await HubDatabase.CreateAsync(postgres);
        var release = new TaskCompletionSource();
        await using var slow = await ReceiverStub.AnsweringAsync(_ => release.Task);
        await using var bank = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("slow", slow.Address);
        await situation.RelyingPartyAsync("bank", bank.Address);
        var begun = await situation.DeliveryAsync("slow");
        await using var node = await DeliveryNode.StartAsync(
            database, ("BackChannelLogout:SweepInterval", "00:00:00.1"), ("BackChannelLogout:Timeout", "00:00:30"), ("BackChannelLogout:Lease", "00:10:00"));
        await Eventually.TrueAsync(() => slow.Requests.Count == 1, Soon, "the attempt is under way");
        // A claim does not wait for the disk; the next commit that does takes it along.
        await situation.RelyingPartyAsync("another", bank.Address);

        await postgres.KillAsync();
        release.SetResult();
        await postgres.StartAgainAsync();

        var later = await situation.DeliveryAsync("bank");
        Assert.Equal(DeliveryState.Confirmed, (await SettledAsync(database, begun)).State);
        Assert.Equal(DeliveryState.Confirmed, (await SettledAsync(database, later)).State);
        // The outcome was known when the database was not there, and kept until it was.
        Assert.Single(slow.Requests);
    }

    [Fact]
    public async Task What_a_killed_node_held_is_taken_over_when_its_claim_has_run_out()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var receiver = await ReceiverStub.AnsweringAsync(200);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("bank", receiver.Address);
        var held = await situation.DeliveryAsync("bank", delivery =>
        {
            delivery.LeasedUntil = TimeProvider.System.GetUtcNow().AddMinutes(10);
            return delivery;
        });
        await using var node = await DeliveryNode.StartAsync(database, ("BackChannelLogout:SweepInterval", "00:00:00.1"));
        await SettledAsync(database, await situation.DeliveryAsync("bank"));
        Assert.Single(receiver.Requests);

        var over = TimeProvider.System.GetUtcNow();
        await database.ReadAsync(db => db.Set<LogoutDelivery>().Where(d => d.Id == held.Id).ExecuteUpdateAsync(row => row.SetProperty(d => d.LeasedUntil, over)));
        var row = await SettledAsync(database, held);

        Assert.Equal(DeliveryState.Confirmed, row.State);
        Assert.True(row.SettledAt >= over);
    }

    private static async Task<LogoutDelivery> SettledAsync(HubDatabase database, LogoutDelivery delivery, TimeSpan? within = null) => await Eventually.ValueAsync(
        async () => await RowAsync(database, delivery) is { State: not DeliveryState.Pending } row ? row : null, within ?? Soon, $"the delivery to {delivery.ClientId} is settled");

    private static Task<LogoutDelivery> RowAsync(HubDatabase database, LogoutDelivery delivery) =>
        database.ReadAsync(db => db.Set<LogoutDelivery>().SingleAsync(d => d.Id == delivery.Id));

    // As the schedule leaves it when the time has come: the successor is active, and what it succeeds is still accepted.
    private static async Task RotatedAsync(DeliveryNode node, string algorithm)
    {
        await using var scope = node.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var (id, secret) = KeyMaterial.Create(algorithm);
        var now = TimeProvider.System.GetUtcNow();
        db.Add(new StoredKey
        {
            Id = id,
            Algorithm = algorithm,
            Sealed = node.Services.GetRequiredService<KeySeal>().Seal(secret, KeyRotation.Use(id, algorithm)),
            CreatedAt = now,
            ActiveFrom = now,
        });
        await db.SaveChangesAsync();
        await node.Services.GetRequiredService<KeyRing>().LoadAsync(CancellationToken.None);
    }

    private static async Task<string> VerifiedAsync(DeliveryNode node, string token, string audience, string sid)
    {
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = DeliveryNode.Issuer,
            ValidAudience = audience,
            ValidTypes = ["logout+jwt"],
            IssuerSigningKeys = node.Services.GetRequiredService<KeyRing>().Published,
            ClockSkew = TimeSpan.Zero,
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal(sid, result.Claims["sid"]);
        return ((JsonWebToken)result.SecurityToken).Alg;
    }
}
