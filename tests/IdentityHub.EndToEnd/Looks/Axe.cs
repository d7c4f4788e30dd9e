using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>What keeps somebody out of the page that is open, as far as a program can tell.</summary>
internal static class Axe
{
    private static readonly HashSet<ResultType> Violations = [ResultType.Violations];

    /// <summary>axe finds nothing in the light and in the dark, and nothing scrolls sideways on a telephone.</summary>
    public static async Task AssertOpenToAllAsync(this IPage page, string name)
    {
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        AssertNothing(name, await page.RunAxe(new AxeRunOptions { ResultTypes = Violations }));
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        AssertNothing(name, await page.RunAxe(new AxeRunOptions
        {
            ResultTypes = Violations,
            RunOnly = new RunOnlyOptions { Type = "rule", Values = ["color-contrast", "link-in-text-block"] },
        }));
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways.");
    }

    private static void AssertNothing(string name, AxeResult result) => Assert.True(
        result.Violations.Length == 0,
        $"{name}: {string.Join("; ", result.Violations.Select(v => $"{v.Id}: {v.Help} ({string.Join(", ", v.Nodes.Select(n => n.Html))})"))}");
}
