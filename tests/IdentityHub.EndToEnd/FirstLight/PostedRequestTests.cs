using IdentityHub.EndToEnd.Faults;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>
/// Applications may POST to the authorization and end-session endpoints from their own site, where the browser keeps
/// the hub's cookie back (SameSite): the person is known all the same.
/// </summary>
public abstract class PostedRequestTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task An_authorization_request_posted_from_another_site_needs_no_second_sign_in()
    {
        var (page, driver, settings) = await SignedInAsync();

        await PostFromAnotherSiteAsync(page, driver.AuthorizeAddress(settings, "openid"));
        await page.ArriveAtAsync(url => url.StartsWith(settings.RedirectUri + "?", StringComparison.Ordinal), "the redirect URI");

        Assert.Contains("code", QueryHelpers.ParseQuery(new Uri(page.Url).Query).Keys);
    }

    [Fact]
    public async Task A_sign_out_posted_from_another_site_with_the_hint_ends_the_session()
    {
        var (page, driver, settings) = await SignedInAsync();
        var tokens = await driver.EnterAsync(settings);

        await PostFromAnotherSiteAsync(page, new Uri(QueryHelpers.AddQueryString(new Uri(installation.Hub.Address, "/end-session").AbsoluteUri, new Dictionary<string, string?>
        {
            ["id_token_hint"] = tokens.IdToken,
            ["post_logout_redirect_uri"] = settings.PostLogoutRedirectUris[0].OriginalString,
            ["state"] = "a state",
        })));
        await page.ArriveAtAsync(settings.PostLogoutRedirectUris[0] + "?state=a%20state");

        Assert.Equal("login_required", (await driver.AskSilentlyAsync(settings)).Error?.Code);
        await installation.Stubs["steady"].WaitForConfirmedLogoutAsync(tokens.Sid, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task A_sign_out_posted_from_another_site_without_a_hint_asks_the_person()
    {
        var (page, driver, settings) = await SignedInAsync();

        await PostFromAnotherSiteAsync(page, new Uri(installation.Hub.Address, $"/end-session?client_id={settings.ClientId}"));
        await page.WaitForSelectorAsync("#sign-out");
        // RP-Initiated Logout §6: anybody can link here, so nothing has happened yet.
        Assert.True((await driver.AskSilentlyAsync(settings)).Succeeded);

        await page.ClickAsync("#sign-out");
        await page.WaitForSelectorAsync("#signed-out");
        Assert.Equal("login_required", (await driver.AskSilentlyAsync(settings)).Error?.Code);
    }

    private async Task<(IPage Page, HubDriver Copy, RelyingPartySettings Settings)> SignedInAsync()
    {
        var page = await _windows.OpenAsync();
        await page.SignInAtHubAsync(installation, await installation.NewPersonAsync());
        return (page, new HubDriver(installation.Hub.Address, await page.Context.CopyCookiesAsync()), installation.Stubs["steady"].Settings);
    }

    // 127.0.0.1 and localhost are two sites to a browser.
    private async Task PostFromAnotherSiteAsync(IPage page, Uri request)
    {
        var elsewhere = new UriBuilder(installation.Stubs["steady"].RedirectTarget) { Host = "127.0.0.1" };
        await page.GotoAsync(elsewhere.Uri.AbsoluteUri);
        var fields = QueryHelpers.ParseQuery(request.Query).Select(field => $"""<input type="hidden" name="{field.Key}" value="{field.Value}">""");
        await page.SetContentAsync($"""<form method="post" action="{request.GetLeftPart(UriPartial.Path)}">{string.Concat(fields)}<button id="post">Post</button></form>""");
        await page.ClickAsync("#post");
    }

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : PostedRequestTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : PostedRequestTests(installation, browser);
}
