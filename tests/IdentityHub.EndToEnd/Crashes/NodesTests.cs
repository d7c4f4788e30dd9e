using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.BackChannelLogout;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>Nodes with a role each: what they do and leave to others, how they share, and what the end of one costs.</summary>
public sealed partial class NodesTests(Cluster cluster) : IClassFixture<Cluster>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private RelyingPartyStub Bank => cluster.Hub.Applications[1];

    [Fact]
    public async Task A_dispatcher_serves_nobody_and_says_how_it_is()
    {
        var dispatcher = new HubDriver(cluster.Dispatcher.Address);

        Assert.Equal(HttpStatusCode.NotFound, (await dispatcher.GetAsync("/sign-in")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await dispatcher.GetAsync("/.well-known/openid-configuration")).Status);
        Assert.Equal(HttpStatusCode.OK, (await dispatcher.GetAsync("/health/live")).Status);
        Assert.Equal(HttpStatusCode.OK, (await dispatcher.GetAsync("/health/ready")).Status);
    }

    [Fact]
    public async Task A_web_node_tells_nobody_and_what_it_ended_waits_for_a_dispatcher()
    {
        var guest = (await cluster.GuestsAsync(1))[0];
        Assert.Equal(0, await cluster.Dispatcher.StopAsync());
        Assert.Equal(0, await cluster.OtherDispatcher.StopAsync());

        Assert.True((await guest.Browser.EndSessionAsync()).Shows("signed-out"));
        await cluster.AssertOutboxEmptiesAsync();
        // By now a web node that delivers would have heard of it, and looked more than once.
        await cluster.Dispatcher.StartAgainAsync();
        await Aftermath.AssertEverybodyHeardAsync(cluster.Hub, [guest]);
        await cluster.OtherDispatcher.StartAgainAsync();

        Assert.DoesNotContain("confirmed at attempt", cluster.Web.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispatchers_share_the_work()
    {
        // One that has just started compiles what it does for the first time, and the other has done it all meanwhile.
        await Eventually.TrueAsync(
            async () => await EndAsync(8) is { First: >= 5, Second: >= 5 }, TimeSpan.FromMinutes(2), "both tell applications");

        var (first, second) = await EndAsync(40);

        TestContext.Current.TestOutputHelper!.WriteLine($"One confirmed {first}, the other {second}.");
        Assert.Equal(200, first + second);
        Assert.InRange(first, 20, 180);

        async Task<(int First, int Second)> EndAsync(int people)
        {
            var guests = await cluster.GuestsAsync(people);
            await Parallel.ForEachAsync(guests, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (guest, _) => await guest.Browser.EndSessionAsync());
            await Aftermath.AssertEverybodyHeardAsync(cluster.Hub, guests);
            var sessions = guests.Select(g => g.SessionId).ToHashSet();
            var owed = await cluster.Hub.Inside.AskAsync(db => db.Set<LogoutDelivery>().Where(d => sessions.Contains(d.SessionId)).Select(d => d.Id).ToHashSetAsync());
            var (first, second) = (0, 0);
            // A node writes the line after the row.
            await Eventually.TrueAsync(
                () =>
                {
                    (first, second) = (Confirmed(cluster.Dispatcher, owed), Confirmed(cluster.OtherDispatcher, owed));
                    return first + second >= owed.Count;
                },
                Soon, "each confirmation is in a log", () => $"{first} and {second} are.");
            return (first, second);
        }
    }

    [Fact]
    public async Task A_node_that_is_told_to_stop_gives_back_what_hangs_and_another_takes_it_at_once()
    {
        Bank.Answer = new BackChannelAnswer.Hang();
        var guest = (await cluster.GuestsAsync(1))[0];
        await cluster.OtherDispatcher.StopAsync();
        await guest.Browser.EndSessionAsync();
        await Bank.WaitForLogoutAsync(guest.Sid, Soon);
        await cluster.OtherDispatcher.StartAgainAsync();

        var started = Stopwatch.GetTimestamp();
        Assert.Equal(0, await cluster.Dispatcher.StopAsync());
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(15));

        Bank.Answer = BackChannelAnswer.Ok;
        await Bank.WaitForConfirmedLogoutAsync(guest.Sid, Soon);
        await Aftermath.AssertEverybodyHeardAsync(cluster.Hub, [guest]);
        await cluster.Dispatcher.StartAgainAsync();
    }

    [Fact]
    public async Task The_death_of_a_node_costs_its_lease_and_no_more()
    {
        Bank.Answer = new BackChannelAnswer.Hang();
        var guest = (await cluster.GuestsAsync(1))[0];
        await cluster.OtherDispatcher.StopAsync();
        await guest.Browser.EndSessionAsync();
        await Bank.WaitForLogoutAsync(guest.Sid, Soon);
        await cluster.Dispatcher.KillAsync();
        Bank.Answer = BackChannelAnswer.Ok;
        var held = await cluster.Hub.Inside.AskAsync(db => db.Set<LogoutDelivery>()
            .Where(d => d.SessionId == guest.SessionId && d.ClientId == "bank").Select(d => d.LeasedUntil ?? d.NextAttemptAt).SingleAsync());

        await cluster.OtherDispatcher.StartAgainAsync();
        await Aftermath.AssertEverybodyHeardAsync(cluster.Hub, [guest]);

        var settled = await cluster.Hub.Inside.AskAsync(db => db.Set<LogoutDelivery>()
            .Where(d => d.SessionId == guest.SessionId && d.ClientId == "bank").Select(d => d.SettledAt).SingleAsync());
        Assert.InRange(settled!.Value, held!.Value, held.Value + TimeSpan.FromSeconds(20));
        await cluster.Dispatcher.StartAgainAsync();
    }

    private static int Confirmed(HubProcess node, IReadOnlySet<Guid> deliveries) =>
        Confirmation().Matches(node.Output).Count(line => deliveries.Contains(Guid.Parse(line.Groups[1].ValueSpan)));

    [GeneratedRegex(@"Delivery ([0-9a-f-]{36}): \S+ confirmed at attempt")]
    private static partial Regex Confirmation();
}
