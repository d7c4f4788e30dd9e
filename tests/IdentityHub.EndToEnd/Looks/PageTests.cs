using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>
/// Every page keeps nobody out, and is German for who reads German: nothing of the English page is left on it, and it
/// still fits. One test, because the way to a page takes longer than looking at it; and one window for all pages,
/// because a new one takes longer than the way.
/// </summary>
public abstract partial class PageTests(LooksHub hub, Browser browser) : IAsyncDisposable
{
    // The same in both languages, or nobody's language: names, codes, numbers.
    private static readonly string[] Same = ["IdentityHub", "Notes", "Deaf", "Asking", "Name", "Code", "Passkey", "Passkeys", "Details", "nobody"];

    private readonly BrowserWindows _windows = new(browser);

    public async ValueTask DisposeAsync()
    {
        await _windows.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task LookAtAsync(string name)
    {
        var page = await OpenAsync(name, "en");
        var english = await WordsAsync(page);
        await page.AssertOpenToAllAsync(name);

        var german = await OpenAsync(name, "de");
        Assert.Equal([], (await WordsAsync(german)).Intersect(english));
        Assert.Equal("de", await german.GetAttributeAsync("html", "lang"));
        Assert.True(await german.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at 390 px in German.");
    }

    private async Task<IPage> OpenAsync(string name, string language)
    {
        var page = _windows.Borrow(await hub.WindowAsync(browser));
        await page.Context.AddCookiesAsync([new() { Name = "hub-language", Value = language, Url = hub.Address.AbsoluteUri }]);
        await Places.All[name].OpenAsync(hub, page);
        return page;
    }

    // Each text and each label, without what is data. The script writes the time as the browser's language has it.
    private static async Task<IEnumerable<string>> WordsAsync(IPage page)
    {
        var texts = await page.EvaluateAsync<string[]>("""
            () => {
              const found = [document.title];
              const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
              while (walker.nextNode()) {
                const parent = walker.currentNode.parentElement;
                if (!parent.closest("time, dd, script, .languages, .tile")) found.push(walker.currentNode.data);
              }
              for (const e of document.querySelectorAll("[aria-label], [title], [placeholder], img[alt]"))
                found.push(...["aria-label", "title", "placeholder", "alt"].map(name => e.getAttribute(name) ?? ""));
              return found;
            }
            """);
        return texts.Select(text => Same.Aggregate(text, (left, word) => Regex.Replace(left, $@"\b{word}\b", "")))
            .Select(text => Data().Replace(text, " ").Trim())
            .Where(text => text.Any(char.IsLetter));
    }

    // People and addresses of the tests, what the browser calls itself, numbers.
    [GeneratedRegex(@"[\w.]+@[\w.]+|\bAda [0-9a-f]+|Chrom(?:e|ium) \d+|Linux|\d+|·")]
    private static partial Regex Data();
}
