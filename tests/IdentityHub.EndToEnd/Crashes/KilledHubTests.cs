using System.Diagnostics;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>
/// Nothing is lost (I5): a hub killed around the commit of sign-outs has ended each session with its deliveries, audit
/// and event, or not at all; and after the start each delivery arrives and each event is published.
/// </summary>
public sealed class KilledHubTests(SharedServers servers)
{
    private const int SignOutsPerRound = 20;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["BackChannelLogout__LogoutWait"] = "00:00:00",
        ["BackChannelLogout__Timeout"] = "00:00:02",
        // What the killed hub was about to deliver is free again after this; the least that the hub accepts.
        ["BackChannelLogout__Lease"] = "00:00:10",
    };

    [Theory]
    [InlineData("Sqlite", 50)]
    [InlineData("Postgres", 50)]
    public async Task A_hub_killed_around_the_commit_loses_nothing(string database, int rounds)
    {
        await using var applications = await Applications.StartAsync("notes", "bank", "mail");
        var onPostgres = database == "Postgres";
        var broker = onPostgres ? await (await servers.RabbitMqAsync()).CreateVirtualHostAsync() : null;
        await using var hub = await RaceHub.StartAsync(
            onPostgres ? await (await servers.PostgresAsync()).CreateDatabaseAsync() : null, applications.All, broker, nodes: 1, Settings);
        await using var listener = broker is null ? null : new EventListener(broker);
        await (listener?.StartAsync() ?? Task.CompletedTask);
        var (ended, all) = (new List<(Guest Guest, Guid Act)>(), 0);

        await Rounds.RunAsync(Enumerable.Range(0, Rounds.Of(rounds)), atOnce: 1, async (_, dice) =>
        {
            var guests = await ParticipatingAsync(hub);
            var answered = await KillDuringAsync(hub, guests, dice);
            foreach (var guest in guests)
            {
                var fate = await Fate.OfAsync(hub, guest);
                fate.AssertWhole();
                Assert.True(fate.Ended || !answered.Contains(guest), "The person was told that the session has ended, and it has not.");
                Assert.Equal(fate.Ended, (await guest.Browser.GetAsync("/")).Shows("sign-in"));
                all++;
                if (fate.Ended)
                {
                    ended.Add((guest, fate.Act!.Value));
                }
            }
        });

        Assert.NotEmpty(ended);
        TestContext.Current.SendDiagnosticMessage($"{database}: {ended.Count} of {all} sessions had ended when the hub died.");
        Assert.True(ended.Count < all, "No kill came before a commit.");
        await Aftermath.AssertEverybodyHeardAsync(hub, ended.ConvertAll(e => e.Guest));
        await Eventually.TrueAsync(
            () => listener is null || ended.TrueForAll(e => listener.Heard.ContainsKey(e.Act)),
            Soon, "the event of each act is published", () => $"{ended.Count(e => !listener!.Heard.ContainsKey(e.Act))} of {ended.Count} are not.");
    }

    /// <summary>Guests who are signed in at every application.</summary>
    private static async Task<IReadOnlyList<Guest>> ParticipatingAsync(RaceHub hub)
    {
        var (guests, now) = (await hub.GuestsAsync(SignOutsPerRound), TimeProvider.System.GetUtcNow());
        await hub.Inside.AddAsync(
            from guest in guests
            from application in hub.Applications
            select new SessionParticipant { SessionId = guest.SessionId, ClientId = application.Settings.ClientId, FirstSeenAt = now, LastCodeAt = now });
        return guests;
    }

    /// <summary>
    /// One signs out to warm the hub up, one to show how long it takes here and now; then all others at once, and the
    /// hub dies under them.
    /// </summary>
    /// <returns>Those who were told that they are signed out.</returns>
    private static async Task<IReadOnlySet<Guest>> KillDuringAsync(RaceHub hub, IReadOnlyList<Guest> guests, Dice dice)
    {
        var questions = await Task.WhenAll(guests.Select(async guest => (Guest: guest, Yes: await guest.Browser.AskToEndSessionAsync())));
        Assert.True(await AnsweredAsync(questions[0].Yes));
        var started = Stopwatch.GetTimestamp();
        Assert.True(await AnsweredAsync(questions[1].Yes));
        var alone = Stopwatch.GetElapsedTime(started);

        var signingOut = questions[2..].Select(async each => (each.Guest, Told: await AnsweredAsync(each.Yes))).ToList();
        await Rounds.AfterAsync(dice.Within(3 * alone), hub.Node(0).KillAsync);
        var answers = await Task.WhenAll(signingOut);
        await hub.Node(0).StartAgainAsync();
        return answers.Where(a => a.Told).Select(a => a.Guest).Concat(guests.Take(2)).ToHashSet();
    }

    private static async Task<bool> AnsweredAsync(Func<Task<Page>> yes)
    {
        try
        {
            return (await yes()).Shows("signed-out");
        }
        catch (HttpRequestException)
        {
            // The hub died under it.
            return false;
        }
    }
}
