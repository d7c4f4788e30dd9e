using Xunit;

namespace IdentityHub.EndToEnd.Races;

/// <summary>
/// Participation is a row per session and application (I3): five applications opened at once in one session are five
/// that are told. Kept in one value per session, the last writer would forget the others.
/// </summary>
[Collection(nameof(RaceHubs))]
public sealed class FiveApplicationsTests(RaceHubs hubs)
{
    [Theory, MemberData(nameof(RaceHubs.Databases), MemberType = typeof(RaceHubs))]
    public async Task Of_five_applications_opened_at_once_five_are_told(string database)
    {
        var hub = await hubs.OnAsync(database);
        var guests = await hub.GuestsAsync(Rounds.Of(200));

        await Rounds.RunAsync(guests, atOnce: 4, async (guest, dice) =>
        {
            var nodes = hub.Applications.Select(_ => dice.Coin() ? hub.First : hub.Second).ToList();
            var opened = await Task.WhenAll(hub.Applications.Zip(nodes, (application, node) => guest.Browser.At(node).EnterAsync(application.Settings)));

            var page = await guest.Browser.At(hub.Second).EndSessionAsync(idTokenHint: opened[dice.Below(opened.Length)].IdToken);

            Assert.True(page.Shows("signed-out"), page.Html);
            var after = await Aftermath.OfAsync(hub, guest);
            after.AssertEverybodyIsToBeTold();
            Assert.Equal(hub.Applications.Select(a => a.Settings.ClientId).Order(), after.Participants);
        });

        await Aftermath.AssertEverybodyHeardAsync(hub, guests);
        await hub.AssertUnharmedAsync();
    }
}
