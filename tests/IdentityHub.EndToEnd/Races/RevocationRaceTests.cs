using Xunit;

namespace IdentityHub.EndToEnd.Races;

/// <summary>
/// Ended is terminal (I2): whatever is under way while a session ends, at whichever offset, leaves no session, no
/// usable token and nobody untold, and costs nobody an error or a deadlock.
/// </summary>
[Collection(nameof(RaceHubs))]
public sealed class RevocationRaceTests(RaceHubs hubs)
{
    // About as long as an act takes beside five others, so that either side is sometimes first and mostly in between.
    private static readonly TimeSpan Offset = TimeSpan.FromMilliseconds(60);

    public static TheoryData<string, Act> Races =>
    [
        .. from database in RaceHubs.Names from act in Enum.GetValues<Act>() select new TheoryDataRow<string, Act>(database, act),
    ];

    [Theory, MemberData(nameof(Races))]
    public async Task Nothing_survives_a_revocation_that_races(string database, Act act)
    {
        var hub = await hubs.OnAsync(database);
        var guests = await hub.GuestsAsync(Rounds.Of(500));

        await Rounds.RunAsync(guests, atOnce: hub.OnPostgres ? 6 : 3, async (guest, dice) =>
        {
            var door = DoorOf(act, dice);
            var run = await new Acts(hub, guest, offline: door is not Door.SignOut && dice.Coin()).PrepareAsync(act);
            var (withHint, late, early) = (dice.Coin(), dice.Within(Offset), dice.Coin());
            var ending = Rounds.AfterAsync(early ? TimeSpan.Zero : late, () => Ending.RunAsync(hub, guest, door, withHint, hold: Offset));
            await Task.WhenAll(ending, Rounds.AfterAsync(early ? late : TimeSpan.Zero, run));

            var after = await Aftermath.OfAsync(hub, guest);
            after.AssertNothingLives();
            Assert.Equal(await ending, after.Session);
            Assert.Superset(guest.Codes.Select(c => c.RelyingParty.ClientId).ToHashSet(), after.Participants.ToHashSet());
            await Aftermath.AssertDeadAsync(hub, guest);
        });

        await Aftermath.AssertEverybodyHeardAsync(hub, guests);
        await hub.AssertUnharmedAsync();
    }

    // After a sign-out a new sign-in is no survivor; only a changed password makes the proof that was under way worthless.
    private static Door DoorOf(Act act, Dice dice) => act is Act.Reauthenticate or Act.SignIn
        ? (Door)(1 + dice.Below(2))
        : (Door)dice.Below(3);
}
