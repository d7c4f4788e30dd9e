using System.Diagnostics;
using IdentityHub.BackChannelLogout;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>
/// Nothing is lost (I5): sessions are being ended, each in five applications, while a part of the cluster is killed or
/// cut off at a random instant. Afterwards every delivery has its outcome, each application has had its token, and
/// nothing of what was ended is usable.
/// </summary>
public sealed class FaultsTests(Cluster cluster) : IClassFixture<Cluster>
{
    private const int AtOnce = 8;

    private static readonly int Sessions = Rounds.Of(500);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongEnoughToHurt = TimeSpan.FromSeconds(3);

    [Theory]
    [InlineData("web")]
    [InlineData("dispatcher")]
    [InlineData("broker")]
    [InlineData("database")]
    [InlineData("database-link")]
    [InlineData("broker-link")]
    public async Task What_is_ended_while_a_part_dies_is_told_to_all(string part)
    {
        await Rounds.RunAsync(Enumerable.Range(0, Math.Max(Rounds.Of(20), 2)), atOnce: 1, async (round, dice) =>
        {
            var guests = await cluster.GuestsAsync(Sessions);
            // One of them holds tokens too.
            guests[0].IdToken = (await guests[0].Browser.EnterAsync(cluster.Hub.Notes)).IdToken;
            guests[0].Take(cluster.Hub.Bank, await guests[0].Browser.Back.RedeemAsync((await guests[0].Browser.AuthorizeAsync(cluster.Hub.Bank)).Expect()));
            var started = Stopwatch.GetTimestamp();
            var ending = EndAsync(guests);
            await Rounds.AfterAsync(dice.Within(TimeSpan.FromSeconds(1)), () => BreakAndMendAsync(part));
            await ending;
            await AssertEverybodyToldAsync(guests);
            await cluster.AssertOutboxEmptiesAsync();
            Report(part, round, guests, Stopwatch.GetElapsedTime(started));
            await Aftermath.AssertDeadAsync(cluster.Hub, guests[0]);
        });
    }

    private Task BreakAndMendAsync(string part) => part switch
    {
        "web" => ThenAsync(cluster.Web.KillAsync, cluster.Web.StartAgainAsync),
        "dispatcher" => ThenAsync(cluster.Dispatcher.KillAsync, cluster.Dispatcher.StartAgainAsync),
        "broker" => ThenAsync(cluster.Broker.KillAsync, cluster.Broker.StartAgainAsync),
        "database" => ThenAsync(cluster.Postgres.KillAsync, cluster.Postgres.StartAgainAsync),
        "database-link" => CutAsync(cluster.ToPostgres.RefuseAsync, cluster.ToPostgres.Accept),
        "broker-link" => CutAsync(cluster.ToBroker.RefuseAsync, cluster.ToBroker.Accept),
        _ => throw new UnreachableException(),
    };

    private static async Task ThenAsync(Func<Task> kill, Func<Task> start)
    {
        await kill();
        await start();
    }

    private static async Task CutAsync(Func<Task> cut, Action mend)
    {
        await cut();
        await Rounds.AfterAsync(LongEnoughToHurt, () =>
        {
            mend();
            return Task.CompletedTask;
        });
    }

    /// <summary>Everybody signs out, some at each web node, and asks again for as long as the hub has not said yes.</summary>
    private Task EndAsync(IReadOnlyList<Guest> guests) => Parallel.ForEachAsync(guests.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (each, _) =>
    {
        var browser = each.Item.Browser.At(each.Index % 2 == 0 ? cluster.Hub.First : cluster.Hub.Second);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    return (await browser.Copy().EndSessionAsync()).Shows("signed-out");
                }
                catch (Exception ex) when (ex is HttpRequestException or IOException or InvalidOperationException)
                {
                    // The node died under it, or says that it has no database.
                    return false;
                }
            },
            Soon,
            "the hub says that the person is signed out");
    });

    private async Task AssertEverybodyToldAsync(IReadOnlyList<Guest> guests)
    {
        var sessions = guests.Select(g => g.SessionId).ToList();
        List<string> open = [];
        await Eventually.TrueAsync(
            async () => (open = await cluster.Hub.Inside.AskAsync(db => db.Set<LogoutDelivery>()
                .Where(d => sessions.Contains(d.SessionId) && (d.State != DeliveryState.Confirmed || d.LeasedUntil != null))
                .Select(d => d.ClientId + " " + d.LastOutcome).ToListAsync())).Count == 0,
            Soon,
            "every delivery is confirmed",
            () => $"{open.Count} are not, the first: {open[0]}.");
        foreach (var guest in guests)
        {
            var fate = await Fate.OfAsync(cluster.Hub, guest);
            fate.AssertWhole();
            Assert.Equal((true, cluster.Hub.Applications.Count), (fate.Ended, fate.Deliveries));
        }

        await Aftermath.AssertEverybodyHeardAsync(cluster.Hub, guests);
    }

    // At least once: who was told twice got two tokens, each good for itself.
    private void Report(string part, int round, IReadOnlyList<Guest> guests, TimeSpan took)
    {
        var sids = guests.Select(g => g.Sid).ToHashSet();
        var told = cluster.Hub.Applications.SelectMany(a => a.Received.Where(r => sids.Contains(r.Sid!))).ToList();
        Assert.Equal(told.Count, told.Select(t => t.Jti).Distinct().Count());
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{part} {round}: {guests.Count} sessions, {guests.Count * cluster.Hub.Applications.Count} deliveries, {told.Count - (guests.Count * cluster.Hub.Applications.Count)} told twice, {took.TotalSeconds:0.0} s");
    }
}
