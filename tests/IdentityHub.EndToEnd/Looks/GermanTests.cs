using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>
/// Every page keeps nobody out, and is German for who reads German: nothing of the English page is left on it, and it
/// still fits. One test, because the way to a page takes longer than looking at it.
/// </summary>
[Collection(typeof(LooksHub.Tests))]
public sealed partial class GermanTests(LooksHub hub, Browser browser) : IAsyncDisposable
{
    // The same in both languages, or nobody's language: names, codes, numbers.
    private static readonly string[] Same = ["IdentityHub", "Notes", "Deaf", "Asking", "Name", "Code", "Passkey", "Passkeys", "Details", "nobody"];

    private readonly BrowserWindows _windows = new(browser);

    public static TheoryData<string> Pages => [.. Places.All.Keys];

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task The_English_page_is_open_to_everybody_and_nothing_of_it_is_left_in_German(string name)
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
        var page = await _windows.OpenAsync();
        await page.SetViewportSizeAsync(390, 844);
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
    [GeneratedRegex(@"[\w.]+@[\w.]+|\bAda [0-9a-f]+|Chrome \d+|Linux|\d+|·")]
    private static partial Regex Data();
}
