using IdentityHub.Access;
using IdentityHub.EndToEnd.FirstLight;
using Xunit;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>What an administrator ends is over: the copies of the victim's cookies and tokens open nothing any more, anywhere.</summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed class EndEverythingTests(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task The_victims_copied_cookies_are_dead_at_the_hub_and_at_three_applications()
    {
        var victim = await installation.NewPersonAsync();
        var (_, copies) = await Copies.OfSignedInAsync(_windows, installation, victim);
        var page = await _windows.OpenAsync();
        await installation.AdministerAsync(page, AdminRole.Operator);

        await page.GotoAsync(new Uri(installation.Hub.Address, "/admin/people").AbsoluteUri);
        await page.FillAsync("#q", victim.Email);
        await page.ArriveAsync(() => page.ClickAsync("#find"));
        await page.ArriveAsync(() => page.ClickAsync(".people a"));
        await page.ArriveAsync(() => page.ClickAsync("#end-all"));
        Assert.Equal(3, await page.Locator("#what-ends .names li").CountAsync());
        await page.ClickAsync("#do");
        await page.WaitForSelectorAsync("#ended");

        await copies.AssertDieAsync();
        await page.Locator("#ended .state.good").Nth(2).WaitForAsync();
        Assert.Equal(0, await page.Locator("#ended .state.waiting, #ended .state.bad").CountAsync());
    }
}
