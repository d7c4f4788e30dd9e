using IdentityHub.Access;
using IdentityHub.EndToEnd.Looks;
using Xunit;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>The administration with the keyboard alone, with script and without.</summary>
public sealed class AdminKeyboardTests(LooksHub hub, Browser browser) : IClassFixture<LooksHub>, IAsyncDisposable
{
    private static readonly string[] Pages =
        ["/admin/people", "/admin/relying-parties", "/admin/revocations", "/admin/end-many", "/admin/audit", "/admin/keys", "/admin/administrators", "/admin"];

    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Finding_a_person_and_ending_everything(bool script)
    {
        var person = await hub.SignedInTwiceAsync();
        var page = await _windows.OpenAsync(script);
        var keys = new Looks.Keys(page);
        await hub.AdministerAsync(page, AdminRole.Operator);

        await page.GotoAsync(hub.At("/admin/people"));
        await keys.TypeAsync("#q", person.Email);
        await keys.PressAsync("#find");
        await keys.PressAsync(".people a");
        await keys.PressAsync("#end-all");
        await keys.PressAsync("#do");

        Assert.Equal("2 sessions have ended", await page.InnerTextAsync("h1"));
        Assert.Contains(person.Email, await page.InnerTextAsync("#content"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_each_page_to_the_next(bool script)
    {
        var page = await _windows.OpenAsync(script);
        var keys = new Looks.Keys(page);
        await hub.AdministerAsync(page, AdminRole.Administrator);
        await page.GotoAsync(hub.At("/admin"));

        foreach (var path in Pages)
        {
            await keys.PressAsync($"nav a[href='{path}']");

            Assert.Equal(path, new Uri(page.Url).AbsolutePath);
            Assert.Equal(path, await page.GetAttributeAsync("nav [aria-current]", "href"));
        }
    }
}
