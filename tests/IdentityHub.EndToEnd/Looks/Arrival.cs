using Microsoft.Playwright;

namespace IdentityHub.EndToEnd.Looks;

internal static class Arrival
{
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
