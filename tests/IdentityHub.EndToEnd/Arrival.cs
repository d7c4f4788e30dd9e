using IdentityHub.Tests.Testing;
using Microsoft.Playwright;

namespace IdentityHub.EndToEnd;

internal static class Arrival
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Waits until the browser is at exactly this address and the page is there. Playwright's own waiting
    /// has been seen to wait in vain for a page that was there, idle, at this address.
    /// </summary>
    public static Task ArriveAtAsync(this IPage page, string address) => page.ArriveAtAsync(url => url == address, address);

    /// <summary>Waits until the browser is at such an address and the page is there.</summary>
    public static async Task ArriveAtAsync(this IPage page, Predicate<string> there, string what)
    {
        await Eventually.TrueAsync(() => there(page.Url), Patience, $"the browser at {what}", () => $"It is at {page.Url}.");
        await page.SaysAsync("document.readyState === 'complete'", $"all of {what}");
    }

    /// <summary>Asks for the page again until it shows so many applications as <c>Confirmed</c>: the hub answers before all of them may have.</summary>
    public static async Task ConfirmedAsync(this IPage page, int applications)
    {
        var shown = 0;
        await Eventually.TrueAsync(
            async () =>
            {
                await page.ReloadAsync();
                return (shown = await page.GetByText("Confirmed", new() { Exact = true }).CountAsync()) == applications;
            },
            Patience, $"{applications} confirmed", () => $"There were {shown}.");
    }

    /// <summary>Does what leads to another page, and waits until that page is there.</summary>
    public static async Task ArriveAsync(this IPage page, Func<Task> act)
    {
        // The one that is left may not have loaded yet: that a page has says nothing of which.
        await page.EvaluateAsync("window.isLeft = true");
        await act();
        await page.SaysAsync("window.isLeft === undefined && document.readyState === 'complete'", "another page");
    }

    private static Task SaysAsync(this IPage page, string expression, string what) => Eventually.TrueAsync(
        async () =>
        {
            try
            {
                return await page.EvaluateAsync<bool>(expression);
            }
            catch (PlaywrightException left) when (left.Message.Contains("Execution context was destroyed", StringComparison.Ordinal))
            {
                return false;
            }
        },
        Patience, what, () => $"The browser is at {page.Url}.");
}
