using Xunit;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>The driver against a hub and a relying party: what it reports is what happened.</summary>
public sealed class HubDriverTests(HubAndStub started) : IClassFixture<HubAndStub>
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);
    private static readonly (string Email, string Password) Ada = HubAndStub.Ada;

    private readonly RelyingPartyStub _notes = started.Notes;
    private readonly HubProcess _hub = started.Hub;

    [Fact]
    public async Task A_person_signs_in_enters_and_leaves_and_the_copies_are_dead()
    {
        var ada = new HubDriver(_hub.Address);
        await ada.SignInAsync(Ada.Email, Ada.Password);
        var tokens = await ada.EnterAsync(_notes.Settings);
        var refreshed = (await ada.Back.RefreshAsync(_notes.Settings, tokens.RefreshToken)).Expect();
        Assert.Equal(tokens.Sid, refreshed.Sid);
        Assert.True((await ada.AskSilentlyAsync(_notes.Settings)).Succeeded);
        Assert.Equal(tokens.Sub, (string?)(await ada.Back.UserInfoAsync(refreshed.AccessToken)).Expect()["sub"]);
        Assert.True(await ada.Back.IsActiveAsync(_notes.Settings, refreshed.AccessToken));
        var thief = ada.Copy();

        var page = await ada.EndSessionAsync(_notes.Settings, tokens.IdToken, _notes.Settings.PostLogoutRedirectUris[0], "s");

        Assert.Equal($"{_notes.Settings.PostLogoutRedirectUris[0]}?state=s", page.Address.AbsoluteUri);
        var logout = await _notes.WaitForConfirmedLogoutAsync(tokens.Sid, Soon);
        Assert.Equal("logout+jwt", (string?)logout.Header["typ"]);
        Assert.Equal("login_required", (await thief.AskSilentlyAsync(_notes.Settings)).Error?.Code);
        Assert.Equal("invalid_grant", (await thief.Back.RefreshAsync(_notes.Settings, refreshed.RefreshToken)).Error?.Code);
        Assert.Equal(401, (await thief.Back.UserInfoAsync(refreshed.AccessToken)).Error?.Status);
        Assert.False(await thief.Back.IsActiveAsync(_notes.Settings, refreshed.AccessToken));
    }

    [Fact]
    public async Task Signing_in_on_the_way_to_a_relying_party_works_and_a_wrong_password_does_not()
    {
        var ada = new HubDriver(_hub.Address);

        Assert.Equal("login_required", (await ada.AuthorizeAsync(_notes.Settings, person: (Ada.Email, "wrong"))).Error?.Code);
        Assert.True((await ada.AuthorizeAsync(_notes.Settings, person: Ada)).Succeeded);
    }

    [Fact]
    public async Task Tokens_verify_with_an_implementation_that_is_not_ours()
    {
        var ada = new HubDriver(_hub.Address);
        var tokens = await ada.EnterAsync(_notes.Settings, person: Ada);
        await ada.EndSessionAsync(_notes.Settings, tokens.IdToken);
        var logout = await _notes.WaitForLogoutAsync(tokens.Sid, Soon);

        var id = await IndependentVerifier.IdTokenAsync(tokens.IdToken!, _hub.Address, "notes");
        var ended = await IndependentVerifier.LogoutTokenAsync(logout.Token, _hub.Address, "notes");

        Assert.True((bool)id["valid"]!, id.ToJsonString());
        Assert.True((bool)ended["valid"]!, ended.ToJsonString());
        Assert.Equal(tokens.Sid, (string?)ended["claims"]!["sid"]);
    }

    [Fact]
    public async Task A_killed_hub_starts_again_with_the_same_people_and_sessions()
    {
        var ada = new HubDriver(_hub.Address);
        var tokens = await ada.EnterAsync(_notes.Settings, person: Ada);

        await _hub.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => ada.AskSilentlyAsync(_notes.Settings));
        await _hub.StartAgainAsync();

        Assert.True((await ada.AskSilentlyAsync(_notes.Settings)).Succeeded);
        Assert.True((await ada.Back.RefreshAsync(_notes.Settings, tokens.RefreshToken)).Succeeded);
    }
}
