using System.Globalization;
using System.Security.Cryptography;

namespace IdentityHub.EndToEnd.Races;

/// <summary>
/// How often a race is run: in full where <c>IDENTITYHUB_SOAK</c> is 1, a tenth otherwise; and from which seed
/// (<c>IDENTITYHUB_SEED</c>, else a new one), which every failure names.
/// </summary>
internal static class Rounds
{
    private static readonly bool Soak = Environment.GetEnvironmentVariable("IDENTITYHUB_SOAK") == "1";

    public static ulong Seed { get; } =
        ulong.TryParse(Environment.GetEnvironmentVariable("IDENTITYHUB_SEED"), CultureInfo.InvariantCulture, out var given)
            ? given
            : BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public static int Of(int full) => Soak ? full : full / 10;

    /// <summary>Each item is a round; <paramref name="atOnce"/> of them run side by side.</summary>
    public static Task RunAsync<T>(IEnumerable<T> items, int atOnce, Func<T, Dice, Task> round) =>
        Parallel.ForEachAsync(items.Index(), new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (each, _) =>
        {
            try
            {
                await round(each.Item, new Dice(Seed, each.Index));
            }
            catch (Exception problem)
            {
                throw new InvalidOperationException($"Round {each.Index} of seed {Seed} (set IDENTITYHUB_SEED to repeat its offsets): {problem.Message}", problem);
            }
        });

    /// <summary>The offset of one side of a race.</summary>
    public static async Task AfterAsync(TimeSpan offset, Func<Task> act)
    {
        await Task.Delay(offset, TimeProvider.System);
        await act();
    }

    public static async Task<T> AfterAsync<T>(TimeSpan offset, Func<Task<T>> act)
    {
        await Task.Delay(offset, TimeProvider.System);
        return await act();
    }
}
