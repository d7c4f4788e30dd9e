using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd;

/// <summary>
/// The browser windows of one test. Hold it in a field of the test class and dispose it there: when the test has
/// failed, each window leaves a screenshot and its HTML in <c>artifacts/screenshots</c>.
/// </summary>
internal sealed class BrowserWindows(Browser browser) : IAsyncDisposable
{
    private readonly List<IPage> _pages = [];
    private readonly HashSet<IPage> _borrowed = [];

    /// <summary>A window with no cookies: another person, or the same one at another computer.</summary>
    public async Task<IPage> OpenAsync(bool script = true)
    {
        var context = await browser.NewContextAsync(script);
        var page = await context.NewPageAsync();
        _pages.Add(page);
        return page;
    }

    /// <summary>A window that is somebody else's to close.</summary>
    public IPage Borrow(IPage page)
    {
        if (_borrowed.Add(page))
        {
            _pages.Add(page);
        }

        return page;
    }

    public async ValueTask DisposeAsync()
    {
        var failed = TestContext.Current.TestState?.Result == TestResult.Failed;
        foreach (var (index, page) in _pages.Index())
        {
            if (failed)
            {
                await KeepAsync(page, index);
            }

            if (!_borrowed.Contains(page))
            {
                await page.Context.DisposeAsync();
            }
        }
    }

    private static async Task KeepAsync(IPage page, int index)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "screenshots")).FullName;
        var name = $"{TestContext.Current.TestMethod?.MethodName ?? "test"}-{index}";
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, name + ".png"), FullPage = true });
        await File.WriteAllTextAsync(Path.Combine(folder, name + ".html"), await page.ContentAsync());
    }
}
