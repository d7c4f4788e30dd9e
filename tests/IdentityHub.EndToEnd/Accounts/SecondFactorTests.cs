using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Accounts;

/// <summary>Turning the second factor on ends every other session in every application, whoever copied what.</summary>
public abstract class SecondFactorTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task The_other_browser_and_all_tokens_are_dead_and_this_one_goes_on_with_a_new_cookie()
    {
        var person = await installation.NewPersonAsync();
        var (_, thief) = await SignedInAsync(person);
        var (page, own) = await SignedInAsync(person);

        await page.GotoAsync(Address("/account/security"));
        await page.ClickAsync("#turn-on-second-factor");
        await page.WaitForSelectorAsync("#qr");
        Assert.Contains("other sessions end", await page.InnerTextAsync("#what-ends"), StringComparison.Ordinal);
        var app = new AuthenticatorApp(await page.InnerTextAsync("#secret"));
        var now = TimeProvider.System.GetUtcNow();
        await page.FillAsync("#code", app.CodeAt(now));
        await page.ArriveAsync(() => page.ClickAsync("#set-up"));
        Assert.Equal(10, await page.Locator("#recovery-codes li").CountAsync());
        await page.ClickAsync("#outcome");
        await page.WaitForSelectorAsync("#ended");

        await thief.AssertDieAsync();
        await page.ConfirmedAsync(3);
        // This session lives on at the hub and in its applications, but nothing copied from it opens the hub.
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        Assert.Equal(installation.Hub.Address.AbsoluteUri, page.Url);
        Assert.Equal(installation.Applications.Select(a => a.ToString()), await own.ApplicationsAsync());
        Assert.Equal([], await own.AtHubAsync());

        // And the next sign-in, at an application, asks for the code.
        var later = await _windows.OpenAsync();
        await later.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        await later.FillSignInAsync(person);
        await later.FillAsync("#code", app.NextAfter(now));
        await later.ClickAsync("#continue");
        await later.ArriveAtAsync(installation.Bank.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await later.ContentAsync(), StringComparison.Ordinal);
    }

    private string Address(string path) => new Uri(installation.Hub.Address, path).AbsoluteUri;

    private Task<(IPage Page, Copies Copies)> SignedInAsync(Person person) => Copies.OfSignedInAsync(_windows, installation, person);

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : SecondFactorTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : SecondFactorTests(installation, browser);
}
