using System.Text.Json;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class DueDeliveriesTests(SharedServers servers)
{
    private const string ManyDue =
        """
        INSERT INTO logout_deliveries (id, revocation_id, session_id, client_id, sid, subject, withdrawal, created_at, state, next_attempt_at, give_up_at, attempts)
        SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'party-' || n % 5, 'sid', 'sub', false, now(), 'Pending', now() - interval '1 minute', now() + interval '1 hour', 0
        FROM generate_series(1, 20000) n
        """;

    private static readonly Dictionary<string, int> Idle = [];
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    // To the microsecond, which is what the databases keep.
    private readonly DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1);

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task What_is_due_is_claimed_once_the_longest_due_first(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (late, later, future) = (Due(-20), Due(-10), Due(+10));
        var (settled, held) = (Due(-30), Due(-30));
        (settled.State, settled.NextAttemptAt) = (DeliveryState.Confirmed, null);
        held.LeasedUntil = _now.AddSeconds(1);
        await database.AddAsync(later, late, future, settled, held);

        var claimed = await ClaimAsync(database);
        var again = await ClaimAsync(database);

        Assert.Equal([late.Id, later.Id], claimed.OrderBy(d => d.NextAttemptAt).Select(d => d.Id));
        Assert.All(claimed, d => Assert.Equal(_now + Lease, d.LeasedUntil));
        Assert.Empty(again);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_longest_due_of_all_get_the_room(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (a, b, c) = (Due(-10, "a"), Due(-30, "b"), Due(-20, "c"));
        await database.AddAsync(a, b, c);

        var claimed = await ClaimAsync(database, room: 2, busy: new() { ["a"] = 1, ["b"] = 1, ["c"] = 1 });

        Assert.Equal([b.Id, c.Id], claimed.OrderBy(d => d.NextAttemptAt).Select(d => d.Id));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Old_rows_of_one_that_is_behind_do_not_stand_before_the_fresh_ones_of_another(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync([.. Enumerable.Range(0, 20).Select(i => Due(-1000 - i, "behind")), Due(-2, "fresh"), Due(-1, "fresh"), Due(-1, "other")]);

        Assert.Equal(["behind", "fresh", "other"], (await ClaimAsync(database, room: 3)).Select(d => d.ClientId).Order());
        // With one under way its next is its second, and waits behind the second of another.
        Assert.Equal(["fresh"], (await ClaimAsync(database, room: 1, busy: new() { ["behind"] = 3, ["fresh"] = 1 })).Select(d => d.ClientId));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Beyond_the_room_one_that_has_nothing_under_way_may_begin_one(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync([.. Enumerable.Range(0, 5).SelectMany(i => new[] { Due(-1000 - i, "busy"), Due(-i - 1, "idle") })]);

        Assert.Equal(["idle"], (await ClaimAsync(database, room: 0, busy: new() { ["busy"] = 1 })).Select(d => d.ClientId));
        Assert.Empty(await ClaimAsync(database, room: 0, busy: new() { ["busy"] = 1, ["idle"] = 1 }));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task No_relying_party_gets_more_than_its_limit_with_what_it_has_under_way(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync([.. Enumerable.Range(0, 20).SelectMany(i => new[] { Due(-100 - i, "hangs"), Due(-50 - i, "half"), Due(-i - 1, "idle") })]);

        var claimed = await ClaimAsync(database, busy: new() { ["hangs"] = 4, ["half"] = 3, ["gone"] = 9 });

        Assert.Equal(new Dictionary<string, int> { ["half"] = 1, ["idle"] = 4 }, claimed.CountBy(d => d.ClientId).ToDictionary());
    }

    [Fact]
    public async Task A_claim_reads_what_it_takes_and_not_all_that_is_due()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var db = database.Open();
        await db.Database.ExecuteSqlRawAsync(ManyDue);
        await using var transaction = await db.Database.BeginTransactionAsync();

        var claimed = await DueDeliveries.In(db, new AuditTrail(TimeProvider.System)).ClaimAsync(new Allowance(32, 7, Idle), 32, _now, _now + Lease);

        Assert.Equal(32, claimed.Count);
        var read = await db.Database.SqlQuery<long>($"SELECT pg_stat_get_xact_tuples_returned('ix_logout_deliveries_due'::regclass) AS \"Value\"").SingleAsync();
        // An even share of each, and a hop to find each: not all that one of them might have had.
        Assert.InRange(read, 32, 60);
    }

    [Fact]
    public async Task An_outcome_is_written_by_its_key_although_the_plan_was_made_when_the_queue_was_empty()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var opened = database.Open();
        await using var db = new PostgresHubDb(new DbContextOptionsBuilder<PostgresHubDb>()
            .UseNpgsql(opened.Database.GetConnectionString() + ";Max Auto Prepare=50;Auto Prepare Min Usages=1").Options);
        await db.Database.OpenConnectionAsync();
        var queue = DueDeliveries.In(db, new AuditTrail(TimeProvider.System));
        for (var i = 0; i < 8; i++)
        {
            await database.AddAsync(Due(-1));
            await queue.SettleAsync([Settled(Assert.Single(await ClaimAsync(queue)), new DeliveryOutcome.Confirmed(200))]);
        }

        await db.Database.ExecuteSqlRawAsync(ManyDue);
        var claimed = await ClaimAsync(queue);
        await using var transaction = await db.Database.BeginTransactionAsync();
        // PostgreSQL counts for the connection, and forgets what came before only now and then.
        var (scanned, found) = (await ReadAsync("logout_deliveries"), await ReadAsync("pk_logout_deliveries"));
        await queue.SettleAsync([.. claimed.Select(d => Settled(d, new DeliveryOutcome.Confirmed(200)))]);

        Assert.Equal(32, claimed.Count);
        Assert.Equal(scanned, await ReadAsync("logout_deliveries"));
        Assert.InRange(await ReadAsync("pk_logout_deliveries") - found, 32, 64);

        Task<List<LogoutDelivery>> ClaimAsync(DueDeliveries queue) => queue.ClaimAsync(new Allowance(32, 7, Idle), 32, _now, _now + Lease);
        Task<long> ReadAsync(string what) => db.Database.SqlQuery<long>($"SELECT pg_stat_get_xact_tuples_returned({what}::regclass) AS \"Value\"").SingleAsync();
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_claim_whose_holder_died_is_due_again_and_the_dead_writes_no_more(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync(Due(-1));
        var dead = Assert.Single(await ClaimAsync(database));

        Assert.Empty(await ClaimAsync(database, at: _now + Lease - TimeSpan.FromSeconds(1)));
        var heir = Assert.Single(await ClaimAsync(database, at: _now + Lease));

        Assert.Empty(await SettleAsync(database, Settled(dead, new DeliveryOutcome.Rejected(400, "answered 400"))));
        Assert.Single(await SettleAsync(database, Settled(heir, new DeliveryOutcome.Confirmed(200))));
        Assert.Equal(DeliveryState.Confirmed, (await RowAsync(database, heir.Id)).State);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task An_outcome_is_written_with_its_audit_entry_and_nothing_is_written_twice(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync(Due(-1));
        var claimed = Assert.Single(await ClaimAsync(database));
        var settlement = Settled(claimed, new DeliveryOutcome.Rejected(400, "answered 400: refused"));

        Assert.Single(await SettleAsync(database, settlement));
        Assert.Empty(await SettleAsync(database, settlement));

        var row = await RowAsync(database, claimed.Id);
        Assert.Equal((DeliveryState.Rejected, 1, 400, "answered 400: refused", null), (row.State, row.Attempts, row.LastStatus, row.LastOutcome, row.LeasedUntil));
        Assert.Equal(_now, row.SettledAt);
        var entry = await database.ReadAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.SessionId == claimed.SessionId));
        Assert.Equal(("logout_rejected", "system", claimed.Subject), (entry.Action, entry.Actor, entry.UserId.ToString()));
        Assert.Equal("""{"client":"bank","attempts":1,"outcome":"answered 400: refused"}""", Compact(entry.Details!));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_failure_leaves_the_row_due_later_without_an_audit_entry(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync(Due(-1));
        var claimed = Assert.Single(await ClaimAsync(database));

        await SettleAsync(database, Settled(claimed, new DeliveryOutcome.Retry(null, new string('x', 1000), TimeSpan.FromSeconds(60))));

        var row = await RowAsync(database, claimed.Id);
        Assert.Equal((DeliveryState.Pending, 1, null, null), (row.State, row.Attempts, row.LastStatus, row.SettledAt));
        Assert.Equal(_now.AddSeconds(60), row.NextAttemptAt);
        Assert.Equal(300, row.LastOutcome!.Length);
        Assert.Empty(await ClaimAsync(database, at: _now.AddSeconds(59)));
        Assert.Single(await ClaimAsync(database, at: _now.AddSeconds(60)));
        Assert.False(await database.ReadAsync(db => db.Set<AuditEntry>().AnyAsync()));
    }

    [Fact]
    public async Task Dispatchers_that_claim_at_once_share_without_waiting_or_overlap()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await database.AddAsync([.. Enumerable.Range(0, 12).Select(i => Due(-20 + i))]);
        await using var db = database.Open();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var first = await DueDeliveries.In(db, new AuditTrail(TimeProvider.System)).ClaimAsync(new Allowance(100, 4, Idle), 4, _now, _now + Lease);

        // The first has claimed and not committed: the second neither waits for it nor takes the same.
        var second = await ClaimAsync(database).WaitAsync(TimeSpan.FromSeconds(10));
        await transaction.CommitAsync();
        var third = await ClaimAsync(database);

        Assert.Equal([4, 4, 4], new[] { first.Count, second.Count, third.Count });
        Assert.Equal(12, first.Concat(second).Concat(third).Select(d => d.Id).Distinct().Count());
    }

    private LogoutDelivery Due(int seconds, string clientId = "bank") => Situation.Delivery(clientId, due: _now.AddSeconds(seconds));

    private async Task<List<LogoutDelivery>> ClaimAsync(HubDatabase database, int room = 100, Dictionary<string, int>? busy = null, DateTimeOffset? at = null)
    {
        await using var db = database.Open();
        return await DueDeliveries.In(db, new AuditTrail(TimeProvider.System)).ClaimAsync(new Allowance(room, Math.Clamp(room, 1, 4), busy ?? Idle), 4, at ?? _now, (at ?? _now) + Lease);
    }

    private static async Task<IReadOnlyList<Settlement>> SettleAsync(HubDatabase database, params Settlement[] settlements)
    {
        await using var db = database.Open();
        return await DueDeliveries.In(db, new AuditTrail(TimeProvider.System)).SettleAsync(settlements);
    }

    private Settlement Settled(LogoutDelivery delivery, DeliveryOutcome outcome) => Settlement.Of(delivery, outcome, _now, jitter: 0.5);

    private static Task<LogoutDelivery> RowAsync(HubDatabase database, Guid id) =>
        database.ReadAsync(db => db.Set<LogoutDelivery>().SingleAsync(d => d.Id == id));

    private static string Compact(string json) => JsonSerializer.Serialize(JsonSerializer.Deserialize<JsonElement>(json));
}
