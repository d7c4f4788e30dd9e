using System.Diagnostics;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// Waits for something observed, never for time to pass: asks at short intervals and returns as soon as the answer is
/// there, or fails with what was seen last.
/// </summary>
internal static class Eventually
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, TimeSpan within, string what, Func<string>? otherwise = null) =>
        TrueAsync(() => Task.FromResult(condition()), within, what, otherwise);

    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan within, string what, Func<string>? otherwise = null) =>
        ValueAsync<object>(async () => await condition() ? true : null, within, what, otherwise);

    /// <summary>The first value that is not null.</summary>
    public static async Task<T> ValueAsync<T>(Func<Task<T?>> look, TimeSpan within, string what, Func<string>? otherwise = null)
        where T : class
    {
        var started = Stopwatch.GetTimestamp();
        using var timer = new PeriodicTimer(Interval);
        do
        {
            if (await look() is { } value)
            {
                return value;
            }
        }
        while (Stopwatch.GetElapsedTime(started) < within && await timer.WaitForNextTickAsync());

        throw new TimeoutException($"Not within {within.TotalSeconds:0.###} s: {what}. {otherwise?.Invoke()}");
    }
}
