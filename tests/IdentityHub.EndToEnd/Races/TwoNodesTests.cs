using IdentityHub.EndToEnd.Faults;
using IdentityHub.RelyingParties;
using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Core;
using Xunit;

namespace IdentityHub.EndToEnd.Races;

/// <summary>
/// Everywhere at once (I4): what one node ends, the other refuses in the next request, and no cache of an earlier use
/// stands in between.
/// </summary>
[Collection(nameof(RaceHubs))]
public sealed class TwoNodesTests(RaceHubs hubs)
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 0)]
    public async Task What_one_node_ended_the_other_refuses(int here, int there)
    {
        var hub = await hubs.OnAsync("Postgres");
        var guest = (await hub.GuestsAsync(1))[0];
        var browser = guest.Browser.At(hub.Node(there).Address);
        var notes = await browser.EnterAsync(hub.Notes);
        // Once each where it will be refused, so that whatever would be cached is.
        Assert.True((await browser.GetAsync("/")).Shows("sign-out"));
        Assert.True((await browser.Back.UserInfoAsync(notes.AccessToken)).Succeeded);
        Assert.True(await browser.Back.IsActiveAsync(hub.Notes, notes.AccessToken));
        var refreshed = (await browser.Back.RefreshAsync(hub.Notes, notes.RefreshToken)).Expect();
        var code = (await browser.AskSilentlyAsync(hub.Bank)).Expect();

        var page = await guest.Browser.At(hub.Node(here).Address).EndSessionAsync(idTokenHint: notes.IdToken);

        Assert.True(page.Shows("signed-out"), page.Html);
        Assert.True((await browser.GetAsync("/")).Shows("sign-in"));
        Assert.Equal("login_required", (await browser.AskSilentlyAsync(hub.Notes)).Error?.Code);
        Assert.Equal(401, (await browser.Back.UserInfoAsync(refreshed.AccessToken)).Error?.Status);
        Assert.False(await browser.Back.IsActiveAsync(hub.Notes, refreshed.AccessToken));
        Assert.Equal("invalid_grant", (await browser.Back.RefreshAsync(hub.Notes, refreshed.RefreshToken)).Error?.Code);
        Assert.Equal("invalid_grant", (await browser.Back.RedeemAsync(code)).Error?.Code);
    }

    [Fact]
    public async Task A_client_changed_on_one_node_is_changed_on_the_others()
    {
        var hub = await hubs.OnAsync("Postgres");
        var guest = (await hub.GuestsAsync(1))[0];
        var before = Client("changing", "/before", "the secret before the change, known to all");
        var after = Client("changing", "/after", "the secret after the change, known to all");
        await PutAsync(hub, before);
        foreach (var node in new[] { hub.First, hub.Second })
        {
            await guest.Browser.At(node).EnterAsync(before);
        }

        await PutAsync(hub, after);

        foreach (var node in new[] { hub.First, hub.Second })
        {
            var browser = guest.Browser.At(node);
            Assert.Equal("invalid_request", (await browser.AuthorizeAsync(before)).Error?.Code);
            var code = (await browser.AuthorizeAsync(after)).Expect();
            Assert.Equal("invalid_client", (await browser.Back.RedeemAsync(code with { RelyingParty = after with { ClientSecret = before.ClientSecret } })).Error?.Code);
            Assert.True((await browser.Back.RedeemAsync(code)).Succeeded);
        }
    }

    [Fact]
    public async Task A_client_deleted_on_one_node_is_gone_on_the_others_with_all_it_holds()
    {
        var hub = await hubs.OnAsync("Postgres");
        var guest = (await hub.GuestsAsync(1))[0];
        var client = Client("deleted", "/callback", "the secret of a client that will be deleted");
        await PutAsync(hub, client);
        var tokens = await guest.Browser.At(hub.First).EnterAsync(client);
        Assert.True((await new TokenClient(hub.Second).UserInfoAsync(tokens.AccessToken)).Succeeded);

        await hub.Inside.ActAsync(async services =>
        {
            var parties = services.GetRequiredService<OpenIddictApplicationManager<RelyingParty>>();
            await parties.DeleteAsync((await parties.FindByClientIdAsync(client.ClientId))!);
            return 0;
        });

        foreach (var node in new[] { hub.First, hub.Second })
        {
            var browser = guest.Browser.At(node);
            Assert.Equal("invalid_request", (await browser.AuthorizeAsync(client)).Error?.Code);
            Assert.Equal("invalid_client", (await browser.Back.RefreshAsync(client, tokens.RefreshToken)).Error?.Code);
            Assert.Equal(401, (await browser.Back.UserInfoAsync(tokens.AccessToken)).Error?.Status);
        }
    }

    private static RelyingPartySettings Client(string clientId, string path, string secret) =>
        new(clientId, new Uri($"http://localhost:5999{path}")) { ClientSecret = secret };

    private static Task<bool> PutAsync(RaceHub hub, RelyingPartySettings client)
    {
        var registration = new Registration { ClientId = client.ClientId, ClientSecret = client.ClientSecret };
        registration.RedirectUris.Add(client.RedirectUri.AbsoluteUri);
        return hub.Inside.ActAsync(services => services.GetRequiredService<RelyingPartyRegistry>().PutAsync(registration, declared: false));
    }
}
