using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using System.Text.RegularExpressions;
using Xunit;

namespace IdentityHub.EndToEnd.Accounts;

/// <summary>What a person ends from the list of sessions is over in every application of that session.</summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed partial class SessionsTests(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Ending_one_from_the_list_ends_it_in_its_applications_and_leaves_this_one()
    {
        var person = await installation.NewPersonAsync();
        var lost = await _windows.OpenAsync();
        await lost.SignInEverywhereAsync(installation, person);
        var copies = await Copies.TakeAsync(installation, lost.Context);
        await copies.AssertAliveAsync();
        var page = await _windows.OpenAsync();
        await page.SignInAtHubAsync(installation, person);

        await page.GotoAsync(new Uri(installation.Hub.Address, "/account/sessions").AbsoluteUri);
        // This one, the lost one, and the one in which the account was made.
        Assert.Equal(3, await page.Locator(".sessions > li").CountAsync());
        Assert.Equal(3, await page.Locator(".sessions > li:nth-child(2) .names li").CountAsync());
        Assert.Equal(2, await page.Locator(".sessions strong", new() { HasTextRegex = ThisBrowser() }).CountAsync());
        await page.ClickAsync(".sessions > li:nth-child(2) button");
        await page.WaitForSelectorAsync("#ended");

        await copies.AssertDieAsync();
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        Assert.True(await page.IsVisibleAsync("#sign-out"));
    }

    [Fact]
    public async Task Signing_out_everywhere_ends_this_one_too()
    {
        var person = await installation.NewPersonAsync();
        var elsewhere = new HubDriver(installation.Hub.Address);
        await elsewhere.SignInAsync(person.Email, person.Password);
        var page = await _windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, person);
        var copies = await Copies.TakeAsync(installation, page.Context);

        await page.GotoAsync(new Uri(installation.Hub.Address, "/account/sessions").AbsoluteUri);
        await page.ClickAsync("#end-all");
        await page.WaitForSelectorAsync("#ended");

        await copies.AssertDieAsync();
        Assert.True((await elsewhere.GetAsync("/")).Shows("sign-in"));
    }

    // Without a window it calls itself otherwise.
    [GeneratedRegex(@"^Chrom(e|ium) \d+ on ")]
    private static partial Regex ThisBrowser();
}
