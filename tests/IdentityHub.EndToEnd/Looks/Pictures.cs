using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>
/// One picture of every page at two widths in light and dark, to be looked at. Not a test: runs only with
/// <c>IDENTITYHUB_SCREENSHOTS=1</c>; <c>IDENTITYHUB_SCREENSHOTS_LANGUAGE=de</c> makes them in German.
/// </summary>
[Collection(typeof(LooksHub.Tests))]
public sealed class Pictures(LooksHub hub, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public static TheoryData<string> Pages => [.. Places.All.Keys];

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Of_every_page(string name)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("IDENTITYHUB_SCREENSHOTS") == "1", "Makes pictures only with IDENTITYHUB_SCREENSHOTS=1.");
        var language = Environment.GetEnvironmentVariable("IDENTITYHUB_SCREENSHOTS_LANGUAGE") ?? "en";
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "screenshots", "pages")).FullName;
        var page = await _windows.OpenAsync();
        await page.Context.AddCookiesAsync([new() { Name = "hub-language", Value = language, Url = hub.Address.AbsoluteUri }]);
        await Places.All[name].OpenAsync(hub, page);
        foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var width in new[] { 390, 1280 })
            {
                await page.SetViewportSizeAsync(width, 800);
                var file = $"{name.Replace(' ', '-')}-{language}-{width}-{(scheme is ColorScheme.Dark ? "dark" : "light")}.png";
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, file), FullPage = true });
            }
        }
    }
}
