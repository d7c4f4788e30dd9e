using IdentityHub.Data;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Races;

/// <summary>A revocation does not hang on who asked for it: a closed connection changes nothing about its outcome.</summary>
[Collection(nameof(RaceHubs))]
public sealed class DisconnectTests(RaceHubs hubs)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    // About twice the time a sign-out takes beside three others.
    private static readonly TimeSpan Offset = TimeSpan.FromMilliseconds(60);

    [Theory, MemberData(nameof(RaceHubs.Databases), MemberType = typeof(RaceHubs))]
    public async Task A_caller_who_leaves_has_ended_everything_or_nothing(string database)
    {
        var hub = await hubs.OnAsync(database);
        var guests = await hub.GuestsAsync(Rounds.Of(200));
        await Rounds.RunAsync(guests, atOnce: 4, async (guest, dice) =>
        {
            await EnterAsync(hub, guest);
            using var patience = new CancellationTokenSource(dice.Within(Offset), TimeProvider.System);

            var leaving = guest.Browser.At(hub.Second).AbandonEndSessionAsync(guest.IdToken!, patience.Token);

            do
            {
                (await Aftermath.OfAsync(hub, guest)).AssertAllOrNothing();
            }
            while (!leaving.IsCompleted);

            await leaving;
            (await Aftermath.OfAsync(hub, guest)).AssertAllOrNothing();
        });

        var ended = 0;
        foreach (var guest in guests)
        {
            // Asked first, because a request that was abandoned last may still be under way.
            var alive = (await guest.Browser.AskSilentlyAsync(hub.Notes)).Succeeded;
            var after = await Aftermath.OfAsync(hub, guest);
            after.AssertAllOrNothing();
            Assert.True(alive || after.Session.EndedAt is not null, "The session lives in its row and not over HTTP.");
            ended += alive ? 0 : 1;
        }

        Assert.NotEqual(0, ended);
        await Aftermath.AssertEverybodyHeardAsync(hub, guests);
        await hub.AssertUnharmedAsync();
    }

    [Fact]
    public async Task A_revocation_that_has_to_wait_goes_on_without_its_caller()
    {
        var hub = await hubs.OnAsync("Postgres");
        var guest = (await hub.GuestsAsync(1))[0];
        await EnterAsync(hub, guest);
        using var leave = new CancellationTokenSource();

        await hub.Inside.AskAsync(async db =>
        {
            await using var holding = await db.Database.BeginTransactionAsync();
            await db.Lock<UserSession>(RowLock.Change, "id = {0}", guest.SessionId).ToListAsync();
            var left = guest.Browser.AbandonEndSessionAsync(guest.IdToken!, leave.Token);
            await Eventually.TrueAsync(() => SomebodyWaitsAsync(hub), Soon, "the revocation waits for the row");
            await leave.CancelAsync();
            await left;
            // Whatever the hub does about the closed connection, it has done when it answers others again.
            Assert.True((await new HubDriver(hub.First).GetAsync("/sign-in")).Shows("sign-in"));
            await holding.CommitAsync();
            return 0;
        });

        await Eventually.TrueAsync(
            async () => (await Aftermath.OfAsync(hub, guest)).Session.EndedAt is not null, Soon, "the session ends although nobody waits for it any more");
        (await Aftermath.OfAsync(hub, guest)).AssertAllOrNothing();
        await Aftermath.AssertEverybodyHeardAsync(hub, [guest]);
    }

    private static async Task EnterAsync(RaceHub hub, Guest guest)
    {
        foreach (var application in new[] { hub.Notes, hub.Bank })
        {
            var tokens = await guest.Browser.EnterAsync(application);
            guest.Tokens.Add((application, tokens));
            guest.IdToken = tokens.IdToken;
        }
    }

    // Asked from outside the transaction that holds the row: within one, the view shows what it showed first.
    private static Task<bool> SomebodyWaitsAsync(RaceHub hub) => hub.Inside.AskAsync(db => db.Database.SqlQuery<bool>(
        $"SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%user_sessions%') AS \"Value\"").SingleAsync());
}
