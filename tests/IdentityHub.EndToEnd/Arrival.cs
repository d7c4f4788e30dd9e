using IdentityHub.Tests.Testing;
using Microsoft.Playwright;

namespace IdentityHub.EndToEnd;

internal static class Arrival
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Waits until the browser is at exactly this address and the page is there. Playwright's own waiting
    /// has been seen to wait in vain for a page that was there, idle, at this address.
    /// </summary>
    public static async Task ArriveAtAsync(this IPage page, string address)
    {
        await Eventually.TrueAsync(() => page.Url == address, Patience, $"the browser at {address}", () => $"It is at {page.Url}.");
        await Eventually.TrueAsync(() => page.EvaluateAsync<bool>("document.readyState === 'complete'"), Patience, $"all of {address}");
    }

    /// <summary>Does what leads to another page, and waits until that page is there.</summary>
    public static async Task ArriveAsync(this IPage page, Func<Task> act)
    {
        var loaded = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        void Arrived(object? sender, IPage arrived) => loaded.TrySetResult();
        page.Load += Arrived;
        try
        {
            await act();
            await loaded.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            page.Load -= Arrived;
        }
    }
}
