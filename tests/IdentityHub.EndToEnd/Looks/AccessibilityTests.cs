using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>No page keeps anybody out: axe finds nothing in the light and in the dark, and nothing scrolls sideways on a telephone.</summary>
[Collection(typeof(LooksHub.Tests))]
public sealed class AccessibilityTests(LooksHub hub, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public static TheoryData<string> Pages => [.. Places.All.Keys];

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public void Every_page_is_looked_at()
    {
        var gets = hub.Gets();

        Assert.Equal([], gets.Except(Places.All.Values.Select(p => p.Route)).Except(Places.None.Keys));
        Assert.Equal([], Places.None.Keys.Except(gets));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Axe_finds_nothing_in_the_light_and_in_the_dark(string name)
    {
        var page = await _windows.OpenAsync();
        await page.SetViewportSizeAsync(390, 844);
        await Places.All[name].OpenAsync(hub, page);

        await page.AssertOpenToAllAsync(name);
    }
}
