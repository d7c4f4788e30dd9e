using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 16: a code is good once, for whom it was issued, for a minute.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_16_code_replay(AttackedHub hub)
{
    [Fact]
    public async Task A_second_redemption_is_refused_and_kills_what_the_first_one_got()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var code = (await visitor.Driver.AuthorizeAsync(notes)).Expect();
        var tokens = (await visitor.Driver.Back.RedeemAsync(code)).Expect();

        var again = await visitor.Driver.Back.RedeemAsync(code);

        Assert.Equal(("invalid_grant", 400), (again.Error?.Code, again.Error?.Status));
        await AssertDeadAsync(visitor, notes, tokens);
        Assert.Contains("to prevent a potential token replay attack", hub.Hub.Output, StringComparison.Ordinal);
        Assert.True(await visitor.IsAliveAsync(notes));
    }

    [Fact]
    public async Task Of_parallel_redemptions_one_wins_at_most_and_its_tokens_are_dead()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        for (var round = 0; round < 5; round++)
        {
            var code = (await visitor.Driver.AuthorizeAsync(notes)).Expect();

            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => visitor.Driver.Back.RedeemAsync(code)));

            Assert.InRange(answers.Count(answer => answer.Succeeded), 0, 1);
            Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("invalid_grant", answer.Error!.Code));
            foreach (var winner in answers.Where(answer => answer.Succeeded))
            {
                await AssertDeadAsync(visitor, notes, winner.Expect());
            }
        }
    }

    [Fact]
    public async Task Another_client_gets_nothing_for_it()
    {
        var visitor = await hub.VisitorAsync();
        var code = await visitor.Wire.CodeAsync(Requests.Authorize(hub.Notes.Settings));
        var request = Requests.Redeem(hub.Notes.Settings, code);
        request["client_id"] = hub.Bank.Settings.ClientId;

        Assert.Equal("invalid_grant", (await visitor.Wire.TokenAsync(request)).Error);
        request["redirect_uri"] = hub.Bank.Settings.RedirectUri.AbsoluteUri;
        Assert.Equal("invalid_grant", (await visitor.Wire.TokenAsync(request)).Error);
    }

    [Fact]
    public async Task Another_redirect_uri_than_the_one_it_went_to_is_refused()
    {
        var visitor = await hub.VisitorAsync();
        var code = await visitor.Wire.CodeAsync(Requests.AuthorizeWithoutPkce(hub.Certified));
        var request = Requests.Redeem(hub.Certified, code, verifier: null);
        request["redirect_uri"] = hub.SecondRedirectUri.AbsoluteUri;

        Assert.Equal("invalid_grant", (await visitor.Wire.TokenAsync(request)).Error);
    }

    [Fact]
    public async Task A_wrong_client_secret_is_refused_and_does_not_use_it_up()
    {
        var visitor = await hub.VisitorAsync();
        var code = await visitor.Wire.CodeAsync(Requests.Authorize(hub.Notes.Settings));
        var request = Requests.Redeem(hub.Notes.Settings with { ClientSecret = "another secret of the tests, just as long" }, code);

        var refused = await visitor.Wire.TokenAsync(request);

        Assert.Equal((401, "invalid_client"), (refused.Status, refused.Error));
        Assert.Equal(200, (await visitor.Wire.TokenAsync(Requests.Redeem(hub.Notes.Settings, code))).Status);
    }

    [Fact]
    public async Task After_a_minute_it_is_worth_nothing()
    {
        await using var clocked = await ClockedHub.StartAsync();
        var visitor = await clocked.VisitorAsync();
        var code = (await visitor.Driver.AuthorizeAsync(clocked.Notes.Settings)).Expect();
        clocked.Clock.Move(TimeSpan.FromSeconds(61));

        Assert.Equal("invalid_grant", (await visitor.Driver.Back.RedeemAsync(code)).Error?.Code);
    }

    private static async Task AssertDeadAsync(Visitor visitor, RelyingPartySettings notes, Tokens tokens)
    {
        Assert.Equal(401, (await visitor.Driver.Back.UserInfoAsync(tokens.AccessToken)).Error?.Status);
        Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(notes, tokens.RefreshToken)).Error?.Code);
    }
}
