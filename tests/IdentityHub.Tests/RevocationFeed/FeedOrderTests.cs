using System.Security.Cryptography;
using IdentityHub.Data;
using IdentityHub.RevocationFeed;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.RevocationFeed;

/// <summary>Nothing is missed, in whatever order transactions become visible and however often a subscriber comes and goes.</summary>
public sealed class FeedOrderTests(SharedServers servers)
{
    [Fact]
    public async Task What_began_before_and_is_committed_after_an_event_is_not_missed_and_holds_nothing_up()
    {
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        await using var hub = await FeedHub.StartAsync(postgres);
        await using var there = await hub.OpenAsync();
        await there.UntilCurrentAsync();
        await using var scope = hub.Services.CreateAsyncScope();
        var late = scope.ServiceProvider.GetRequiredService<HubDb>();
        await using var open = await late.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        late.Add(Entry("late"));
        await late.SaveChangesAsync(TestContext.Current.CancellationToken);

        await WriteAsync(hub, "early");

        // The open transaction does not hold the other up.
        Assert.Equal("early", (await there.NextRevocationAsync()).Sid);
        var position = there.LastId;
        var current = await PositionOfCurrentAsync(there);
        await open.CommitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("late", (await there.NextRevocationAsync()).Sid);
        foreach (var resumed in new[] { position, current })
        {
            await using var back = await hub.OpenAsync(resumed);
            Assert.Contains(await back.UntilCurrentAsync(), e => e.Sid == "late");
        }

        // And once nothing is open, coming back repeats nothing. What is open in another database of this server counts too.
        await Eventually.TrueAsync(
            async () =>
            {
                await using var quiet = await hub.OpenAsync(await PositionOfCurrentAsync(there));
                return (await quiet.UntilCurrentAsync()).Select(e => e.Type).SequenceEqual(["current"]);
            },
            TimeSpan.FromSeconds(60), "nothing is repeated");
    }

    [Fact]
    public async Task What_another_node_commits_is_seen_without_being_rung()
    {
        var postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        await using var here = await FeedHub.StartAsync(postgres);
        await using var there = await FeedHub.StartAsync(postgres, $"--Hub:DataFolder={here.Folder}");
        await using var tap = await there.OpenAsync();
        await tap.UntilCurrentAsync();
        var session = await here.SessionAsync();

        await here.EndAsync(session);

        Assert.Equal(session.Sid, (await tap.NextRevocationAsync()).Sid);
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task A_subscriber_that_comes_and_goes_misses_nothing_of_what_many_write(string provider)
    {
        const int Writers = 4;
        var rounds = Environment.GetEnvironmentVariable("IDENTITYHUB_SOAK") == "1" ? 500 : 50;
        await using var hub = await FeedHub.StartAsync(provider, servers, "--RevocationFeed:Backlog=16");
        var seen = new HashSet<string>();
        using var done = new CancellationTokenSource();
        var reading = ReadAsync(hub, seen, done.Token);

        var committed = (await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteManyAsync(hub, writer, rounds))))).SelectMany(s => s).ToHashSet();

        await Eventually.TrueAsync(() => Snapshot(seen).IsSupersetOf(committed), TimeSpan.FromSeconds(60), "all is seen", () => $"{committed.Except(Snapshot(seen)).Count()} of {committed.Count} are missing.");
        await done.CancelAsync();
        await reading;
        Assert.Equal(committed.Order(), Snapshot(seen).Order());
    }

    [Fact]
    public async Task A_burst_of_more_than_may_wait_is_sent_all_the_same()
    {
        await using var hub = await FeedHub.StartAsync("Sqlite", servers, "--RevocationFeed:Backlog=16");
        await using var tap = await hub.OpenAsync();
        await tap.UntilCurrentAsync();

        await WriteAsync(hub, [.. Enumerable.Range(0, 3000).Select(n => $"burst-{n}")]);

        var seen = new HashSet<string>();
        while (seen.Count < 3000)
        {
            seen.Add((await tap.NextRevocationAsync()).Sid!);
        }
    }

    [Fact]
    public async Task A_subscriber_that_takes_nothing_is_cut_and_resumes()
    {
        const int Count = 40_000;
        await using var hub = await FeedHub.StartAsync("Sqlite", servers, "--RevocationFeed:WriteWithin=00:00:01", "--RevocationFeed:MaxSubscribers=1");
        await using var slow = await hub.OpenAsync();
        await slow.UntilCurrentAsync();

        await WriteAsync(hub, [.. Enumerable.Range(0, Count).Select(n => $"many-{n}")]);

        // Only then is its place free.
        await using (await PlaceAsync(hub, null))
        {
        }

        var seen = new HashSet<string>();
        try
        {
            while (await slow.NextAsync() is { } told)
            {
                seen.Add(told.Sid ?? "");
            }
        }
        catch (Exception cut) when (cut is IOException or HttpRequestException)
        {
            // In the middle of an event.
        }

        Assert.InRange(seen.Count, 1, Count - 1);
        await using var back = await PlaceAsync(hub, slow.LastId);
        seen.UnionWith((await back.UntilCurrentAsync()).Select(e => e.Sid ?? ""));
        Assert.Superset(Enumerable.Range(0, Count).Select(n => $"many-{n}").ToHashSet(), seen);
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task What_is_old_is_forgotten_and_what_is_not_is_kept(string provider)
    {
        await using var hub = await FeedHub.StartAsync(provider, servers);
        var now = TimeProvider.System.GetUtcNow();
        await hub.DataAsync(async db =>
        {
            db.AddRange(Entry("old", now.AddMinutes(-71)), Entry("kept", now.AddMinutes(-69)), Entry("new", now));
            return await db.SaveChangesAsync();
        });
        var pruning = ActivatorUtilities.CreateInstance<FeedPruning>(hub.Services);

        Assert.Equal(1, await pruning.ForgetAsync(TestContext.Current.CancellationToken));

        Assert.Equal(["kept", "new"], await hub.DataAsync(db => db.Set<FeedEntry>().OrderBy(e => e.Id).Select(e => e.Sid).ToListAsync()));
    }

    private static async Task ReadAsync(FeedHub hub, HashSet<string> seen, CancellationToken done)
    {
        string? position = null;
        while (!done.IsCancellationRequested)
        {
            await using var tap = await hub.OpenAsync(position);
            var stay = RandomNumberGenerator.GetInt32(1, 30);
            for (var n = 0; n < stay && await tap.NextAsync() is { } told; n++)
            {
                if (told.Sid is { } sid)
                {
                    lock (seen)
                    {
                        seen.Add(sid);
                    }
                }
            }

            position = tap.LastId ?? position;
        }
    }

    /// <summary>Transactions that overlap in every way; some are rolled back.</summary>
    private static async Task<List<string>> WriteManyAsync(FeedHub hub, int writer, int rounds)
    {
        List<string> committed = [];
        for (var round = 0; round < rounds; round++)
        {
            var sids = Enumerable.Range(0, RandomNumberGenerator.GetInt32(1, 8)).Select(n => $"{writer}-{round}-{n}").ToList();
            await using var scope = hub.Services.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<HubDb>();
            var commit = RandomNumberGenerator.GetInt32(8) > 0;
            await db.Database.CreateExecutionStrategy().ExecuteAsync(async () =>
            {
                await using var transaction = await db.Database.BeginTransactionAsync(db is SqliteHubDb ? System.Data.IsolationLevel.Serializable : System.Data.IsolationLevel.ReadCommitted);
                db.AddRange(sids.Select(sid => Entry(sid)));
                await db.SaveChangesAsync();
                await Task.Delay(RandomNumberGenerator.GetInt32(0, 20));
                await (commit ? transaction.CommitAsync() : transaction.RollbackAsync());
            });
            hub.Services.GetRequiredService<FeedSignal>().Ring();
            committed.AddRange(commit ? sids : []);
        }

        return committed;
    }

    private static async Task WriteAsync(FeedHub hub, params string[] sids)
    {
        await hub.DataAsync(async db =>
        {
            db.AddRange(sids.Select(sid => Entry(sid)));
            return await db.SaveChangesAsync();
        });
        hub.Services.GetRequiredService<FeedSignal>().Ring();
    }

    private static async Task<FeedTap> PlaceAsync(FeedHub hub, string? position)
    {
        var token = await hub.TokenAsync();
        return new FeedTap(await Eventually.ValueAsync(
            async () => await hub.GetAsync(token, position) is { IsSuccessStatusCode: true } answer ? answer : null, TimeSpan.FromSeconds(30), "there is a place"));
    }

    private static async Task<string?> PositionOfCurrentAsync(FeedTap tap)
    {
        await tap.UntilCurrentAsync();
        await tap.UntilCurrentAsync();
        return tap.LastId;
    }

    private static HashSet<string> Snapshot(HashSet<string> seen)
    {
        lock (seen)
        {
            return [.. seen];
        }
    }

    private static FeedEntry Entry(string sid, DateTimeOffset? at = null) => new()
    {
        Sid = sid, UserId = Guid.CreateVersion7(), Reason = "signed_out", RevocationId = Guid.CreateVersion7(), At = at ?? TimeProvider.System.GetUtcNow(),
    };
}
