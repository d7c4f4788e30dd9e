using IdentityHub.EndToEnd.Faults;
using IdentityHub.Revocation;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>What a person is asked before an application gets something, and what becomes of the answer.</summary>
public abstract class ConsentTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Denying_gives_the_application_nothing_and_is_not_remembered()
    {
        var (page, driver) = await SignedInAsync();

        await page.GotoAsync(driver.AuthorizeAddress(Consenting, "openid profile").AbsoluteUri);
        await page.ClickAsync("#deny");
        var answer = await ReturnedAsync(page);

        Assert.Equal("access_denied", answer["error"]);
        Assert.Equal(installation.Hub.Address.AbsoluteUri.TrimEnd('/'), answer["iss"]);
        Assert.DoesNotContain("code", answer.Keys);
        await page.GotoAsync(driver.AuthorizeAddress(Consenting, "openid profile").AbsoluteUri);
        Assert.True(await page.IsVisibleAsync("#allow"));
    }

    [Fact]
    public async Task Allowing_is_remembered_for_what_was_allowed_and_no_more()
    {
        var (page, driver) = await SignedInAsync();

        await page.GotoAsync(driver.AuthorizeAddress(Consenting, "openid profile").AbsoluteUri);
        await page.ClickAsync("#allow");
        Assert.Contains("code", (await ReturnedAsync(page)).Keys);

        Assert.True((await driver.AskSilentlyAsync(Consenting)).Succeeded);
        await page.GotoAsync(driver.AuthorizeAddress(Consenting, "openid profile").AbsoluteUri);
        Assert.Contains("code", (await ReturnedAsync(page)).Keys);
        await page.GotoAsync(driver.AuthorizeAddress(Consenting, "openid profile email").AbsoluteUri);
        Assert.True(await page.IsVisibleAsync("#allow"));
    }

    [Fact]
    public async Task Offline_access_is_asked_for_also_where_the_application_needs_no_consent()
    {
        var (page, driver) = await SignedInAsync();

        await page.GotoAsync(driver.AuthorizeAddress(Steady, "openid").AbsoluteUri);
        Assert.Contains("code", (await ReturnedAsync(page)).Keys);
        await page.GotoAsync(driver.AuthorizeAddress(Steady, "openid offline_access").AbsoluteUri);

        Assert.True(await page.GetByText("Stay connected when you are not there").IsVisibleAsync());
        await page.ClickAsync("#allow");
        Assert.Contains("code", (await ReturnedAsync(page)).Keys);
    }

    // Back-Channel Logout §2.7: refresh tokens without offline_access are revoked, those with it normally are not.
    [Fact]
    public async Task An_offline_refresh_token_survives_sign_out_where_one_of_the_session_does_not()
    {
        var driver = new HubDriver(installation.Hub.Address);
        var offline = await driver.EnterAsync(Steady, "openid offline_access", (await installation.NewPersonAsync()).Credentials);
        var ofSession = await driver.EnterAsync(Refusing, "openid");

        await driver.EndSessionAsync(Steady, offline.IdToken);

        Assert.Equal("invalid_grant", (await driver.Back.RefreshAsync(Refusing, ofSession.RefreshToken)).Error?.Code);
        var later = (await driver.Back.RefreshAsync(Steady, offline.RefreshToken)).Expect();
        Assert.True(await driver.Back.IsActiveAsync(Steady, later.AccessToken));
        Assert.True((await driver.Back.RefreshAsync(Steady, later.RefreshToken)).Succeeded);
    }

    // No page of an administrator yet: the act itself, on the hub's database.
    [Theory]
    [InlineData("RevokedByAdministrator")]
    [InlineData("PasswordReset")]
    [InlineData("AccountDisabled")]
    public async Task An_offline_refresh_token_dies_with_an_event_of_security(string reason)
    {
        var driver = new HubDriver(installation.Hub.Address);
        var offline = await driver.EnterAsync(Steady, "openid offline_access", (await installation.NewPersonAsync()).Credentials);

        await installation.Inside.ActAsync(services => services.GetRequiredService<SessionRevoker>()
            .EndPersonAsync(Guid.Parse(offline.Sub), null, Enum.Parse<RevocationReason>(reason), Initiator.System));

        Assert.Equal("invalid_grant", (await driver.Back.RefreshAsync(Steady, offline.RefreshToken)).Error?.Code);
        Assert.False(await driver.Back.IsActiveAsync(Steady, offline.AccessToken));
        Assert.Equal("login_required", (await driver.AskSilentlyAsync(Steady)).Error?.Code);
        await installation.Stubs["steady"].WaitForConfirmedLogoutAsync(offline.Sid, TimeSpan.FromSeconds(20));
    }

    private RelyingPartySettings Steady => installation.Stubs["steady"].Settings;

    private RelyingPartySettings Refusing => installation.Stubs["refusing"].Settings;

    private RelyingPartySettings Consenting => Steady with { ClientId = "consenting" };

    private async Task<(IPage Page, HubDriver Copy)> SignedInAsync()
    {
        var page = await _windows.OpenAsync();
        await page.SignInAtHubAsync(installation, await installation.NewPersonAsync());
        return (page, new HubDriver(installation.Hub.Address, await page.Context.CopyCookiesAsync()));
    }

    private async Task<Dictionary<string, string>> ReturnedAsync(IPage page)
    {
        await page.ArriveAtAsync(url => url.StartsWith(Steady.RedirectUri + "?", StringComparison.Ordinal), "the redirect URI");
        return QueryHelpers.ParseQuery(new Uri(page.Url).Query).ToDictionary(field => field.Key, field => field.Value.ToString());
    }

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : ConsentTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : ConsentTests(installation, browser);
}
