using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>
/// PostgreSQL killed under load: while it is away nobody is told yes from memory and nobody sees the hub's inside; when
/// it is back the hub goes on by itself, and what was ended has stayed ended.
/// </summary>
public sealed class DatabaseRestartTests
{
    private const int People = 12;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_database_that_crashes_under_load_revives_nobody_and_the_hub_goes_on_by_itself()
    {
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        await using var applications = await Applications.StartAsync("notes");
        await using var hub = await RaceHub.StartAsync(await postgres.CreateDatabaseAsync(), applications.All);
        var guests = await hub.GuestsAsync(People);
        List<(Guest Guest, Tokens Tokens)> people = [];
        foreach (var guest in guests)
        {
            var tokens = await guest.Browser.EnterAsync(hub.Notes);
            guest.IdToken = tokens.IdToken;
            people.Add((guest, tokens));
        }

        var (staying, leaving) = (people[..(People / 2)], people[(People / 2)..]);
        using var stop = new CancellationTokenSource();
        var load = staying.ConvertAll(each => LoadAsync(hub, each.Guest, each.Tokens, stop.Token));
        var answers = await CrashDuringAsync(postgres, leaving, hub);
        await AssertNobodyIsToldYesAsync(hub, people);
        await postgres.StartAgainAsync();

        foreach (var node in new[] { hub.First, hub.Second })
        {
            await Eventually.TrueAsync(async () => await ServesAsync(node, hub, staying[0].Guest), Soon, $"{node} serves again");
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
        await AssertFatesAsync(hub, leaving, answers);
        foreach (var (guest, tokens) in staying)
        {
            Assert.True((await guest.Browser.AskSilentlyAsync(hub.Notes)).Succeeded);
            Assert.True((await guest.Browser.Back.UserInfoAsync(tokens.AccessToken)).Succeeded);
        }
    }

    /// <summary>Sign-outs one after the other; the database dies after the third.</summary>
    /// <returns>Who was told that they are signed out.</returns>
    private static async Task<HashSet<Guest>> CrashDuringAsync(PostgresServer postgres, List<(Guest Guest, Tokens Tokens)> leaving, RaceHub hub)
    {
        HashSet<Guest> told = [];
        foreach (var (each, index) in leaving.Select((each, index) => (each, index)))
        {
            var dying = index == 3 ? postgres.KillAsync() : Task.CompletedTask;
            var page = await each.Guest.Browser.At(hub.Second).EndSessionAsync(idTokenHint: each.Guest.IdToken);
            if (page.Shows("signed-out"))
            {
                told.Add(each.Guest);
            }

            await dying;
        }

        Assert.InRange(told.Count, 3, 4);
        return told;
    }

    private static async Task AssertNobodyIsToldYesAsync(RaceHub hub, List<(Guest Guest, Tokens Tokens)> people)
    {
        foreach (var (guest, tokens) in people)
        {
            foreach (var probe in Probe.Of(hub.First, hub, guest, tokens).Concat(Probe.Of(hub.Second, hub, guest, tokens)))
            {
                var (yes, status) = await probe.AskAsync();
                Assert.False(yes, $"{probe.Name} says yes without a database.");
                Assert.True((int)status is 500 or 503, $"{probe.Name} answered {(int)status}: a failure of ours is not a no.");
            }
        }
    }

    // Asks until told to stop; what it is answered is checked for insides alone, because both answers have their time.
    private static async Task LoadAsync(RaceHub hub, Guest guest, Tokens tokens, CancellationToken stop)
    {
        var probes = Probe.Of(hub.First, hub, guest, tokens).Concat(Probe.Of(hub.Second, hub, guest, tokens))
            .Where(probe => !probe.Name.StartsWith("refresh", StringComparison.Ordinal)).ToList();
        while (!stop.IsCancellationRequested)
        {
            foreach (var probe in probes)
            {
                await probe.AskAsync();
            }
        }
    }

    private static async Task<bool> ServesAsync(Uri node, RaceHub hub, Guest guest)
    {
        var page = await guest.Browser.At(node).GetAsync("/");
        return page.Shows("sign-out") && (await new HubDriver(node).GetAsync("/health/ready")).Status == System.Net.HttpStatusCode.OK;
    }

    private static async Task AssertFatesAsync(RaceHub hub, List<(Guest Guest, Tokens Tokens)> leaving, HashSet<Guest> told)
    {
        foreach (var (guest, _) in leaving)
        {
            var fate = await Fate.OfAsync(hub, guest);
            fate.AssertWhole();
            Assert.True(fate.Ended || !told.Contains(guest), "The person was told that the session has ended, and it has not.");
            Assert.Equal(fate.Ended, !(await guest.Browser.AskSilentlyAsync(hub.Notes)).Succeeded);
        }

        await Aftermath.AssertEverybodyHeardAsync(hub, [.. leaving.Select(each => each.Guest)]);
    }
}
