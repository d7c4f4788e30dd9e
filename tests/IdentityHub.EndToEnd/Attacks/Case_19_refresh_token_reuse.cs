using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 19: a refresh token works once, for its client, while its grant lives (docs/adr/0013). The password
/// change comes with issue 4 "Accounts"; its revocation class is that of the administrator's in case 6.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_19_refresh_token_reuse(AttackedHub hub)
{
    [Fact]
    public async Task The_second_use_ends_the_family_and_not_the_session()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var back = visitor.Driver.Back;
        var first = await visitor.Driver.EnterAsync(notes);
        var second = (await back.RefreshAsync(notes, first.RefreshToken)).Expect();

        Assert.Equal("invalid_grant", (await back.RefreshAsync(notes, first.RefreshToken)).Error?.Code);

        Assert.Equal("invalid_grant", (await back.RefreshAsync(notes, second.RefreshToken)).Error?.Code);
        Assert.False(await back.IsActiveAsync(notes, second.AccessToken));
        Assert.True(await visitor.IsAliveAsync(notes));
    }

    [Fact]
    public async Task Of_parallel_uses_one_wins_at_most_and_its_tokens_are_dead()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        for (var round = 0; round < 5; round++)
        {
            var tokens = await visitor.Driver.EnterAsync(notes);

            var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => visitor.Driver.Back.RefreshAsync(notes, tokens.RefreshToken)));

            Assert.InRange(answers.Count(answer => answer.Succeeded), 0, 1);
            Assert.All(answers.Where(answer => !answer.Succeeded), answer => Assert.Equal("invalid_grant", answer.Error!.Code));
            foreach (var winner in answers.Where(answer => answer.Succeeded))
            {
                Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(notes, winner.Expect().RefreshToken)).Error?.Code);
                Assert.False(await visitor.Driver.Back.IsActiveAsync(notes, winner.Expect().AccessToken));
            }
        }
    }

    [Fact]
    public async Task Another_client_gets_nothing_for_it_and_does_not_use_it_up()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);

        Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(hub.Bank.Settings, tokens.RefreshToken)).Error?.Code);
        Assert.True((await visitor.Driver.Back.RefreshAsync(hub.Notes.Settings, tokens.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task After_sign_out_it_is_dead_and_one_that_outlives_the_session_is_not()
    {
        var visitor = await hub.VisitorAsync();
        var bound = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var code = (await visitor.Driver.AuthorizeAsync(hub.Certified, "openid offline_access")).Expect();
        var offline = (await visitor.Driver.Back.RedeemAsync(code)).Expect();

        await visitor.Driver.EndSessionAsync(idTokenHint: bound.IdToken);

        Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(hub.Notes.Settings, bound.RefreshToken)).Error?.Code);
        Assert.True((await visitor.Driver.Back.RefreshAsync(hub.Certified, offline.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task It_gets_no_more_than_was_granted()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings, "openid");
        var request = Requests.Redeem(hub.Notes.Settings, "");
        request["grant_type"] = "refresh_token";
        request["refresh_token"] = tokens.RefreshToken!;
        request["scope"] = "openid email";

        Assert.Equal(400, (await visitor.Wire.TokenAsync(request)).Status);
    }
}
