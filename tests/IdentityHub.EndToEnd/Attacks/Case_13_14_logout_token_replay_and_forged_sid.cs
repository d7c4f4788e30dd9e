using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack cases 13 and 14, the hub's part: a captured logout token is soon worth nothing and never anything elsewhere,
/// and the pair of <c>sid</c> and <c>sub</c> is always one person's. The receiver's part: <c>ReceiverTests.A_token_is_accepted_once</c>,
/// <c>.A_token_with_wrong_claims_is_refused_with_400_and_ends_nothing</c>, <c>.A_sid_of_another_person_is_refused</c>.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_13_14_logout_token_replay_and_forged_sid(AttackedHub hub)
{
    [Fact]
    public async Task Case_13_each_is_for_one_audience_for_two_minutes_and_has_a_name_of_its_own()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        await visitor.Driver.EnterAsync(hub.Bank.Settings);

        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);

        ReceivedLogout[] received = [await hub.Notes.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon), await hub.Bank.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon)];
        Assert.Equal(["notes", "bank"], received.Select(logout => (string?)logout.Payload["aud"]));
        Assert.All(received, logout => Assert.InRange((long)logout.Payload["exp"]! - (long)logout.Payload["iat"]!, 1, 120));
        Assert.NotEqual(received[0].Jti, received[1].Jti);
    }

    [Fact]
    public async Task Case_13_a_second_attempt_carries_a_token_of_its_own()
    {
        await using var clocked = await ClockedHub.StartAsync();
        clocked.Notes.Answer = new BackChannelAnswer.Status(503);
        var visitor = await clocked.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(clocked.Notes.Settings);
        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);
        await clocked.Notes.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon);

        clocked.Notes.Answer = BackChannelAnswer.Ok;
        await clocked.Notes.WaitForConfirmedLogoutAsync(tokens.Sid, AttackedHub.Soon);

        var received = clocked.Notes.Received;
        Assert.Equal(received.Count, received.Select(logout => logout.Jti).Distinct().Count());
    }

    [Fact]
    public async Task Case_14_sid_and_sub_are_those_of_the_ID_token()
    {
        var (first, second) = (await hub.VisitorAsync(), await hub.VisitorAsync());
        Tokens[] tokens = [await first.Driver.EnterAsync(hub.Both.Settings), await second.Driver.EnterAsync(hub.Both.Settings)];

        await first.Driver.EndSessionAsync(idTokenHint: tokens[0].IdToken);
        await second.Driver.EndSessionAsync(idTokenHint: tokens[1].IdToken);

        foreach (var each in tokens)
        {
            Assert.Equal(each.Sub, (await hub.Both.WaitForLogoutAsync(each.Sid, AttackedHub.Soon)).Sub);
        }
    }
}
