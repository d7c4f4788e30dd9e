using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Throttling;

/// <summary>
/// Counts guesses. Each is counted before it is tried and taken back when it was right: a thousand that are sent at
/// once are a thousand, and not one.
/// </summary>
internal sealed class Throttle(HubDb db, ThrottleMetrics metrics, TimeProvider time)
{
    /// <summary>Counts a guess, unless one of the things it counts against has to wait; then nothing is counted.</summary>
    public async Task<GuessTaken> TakeAsync(Guess[] against)
    {
        // One order for everybody, so that two who share some of the rows never wait for each other in a circle.
        var ordered = against.OrderBy(g => g.Key, Comparer<byte[]>.Create((a, b) => a.AsSpan().SequenceCompareTo(b))).ToArray();
        var taken = await db.InTransactionAsync(() => CountAsync(ordered, against));
        if (!taken.Allowed)
        {
            metrics.Refused(taken.Against[0].Scope);
        }

        return taken;
    }

    /// <summary>The guess was right.</summary>
    public async Task RightAsync(GuessTaken taken)
    {
        var (forgiven, others) = (Keys(taken.Against.Where(g => g.Forgiven)), Keys(taken.Against.Where(g => !g.Forgiven)));
        await db.Set<ThrottledKey>().Where(t => forgiven.Contains(t.Key)).ExecuteUpdateAsync(t => t.SetProperty(x => x.Level, 0));
        if (others.Count > 0)
        {
            await db.Set<ThrottledKey>().Where(t => others.Contains(t.Key)).ExecuteUpdateAsync(t => t.SetProperty(x => x.Level, x => x.Level > 1 ? x.Level - 1 : 0));
        }
    }

    /// <summary>The guess was wrong. What is left to do is to count it for operators.</summary>
    public void Wrong(GuessTaken taken) => metrics.Wrong(taken.Against[0].Scope);

    private async Task<GuessTaken> CountAsync(Guess[] against, Guess[] asNamed)
    {
        object[] keys = [.. against.Select(g => g.Key)];
        string List(string format) => string.Join(", ", Enumerable.Range(0, keys.Length).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, $"{{{i}}}")));
#pragma warning disable EF1002 // The parts are constants and numbers of this program; keys are parameters.
        await db.Database.ExecuteSqlRawAsync($"INSERT INTO throttled_keys (key, level) VALUES {List("({0}, 0)")} ON CONFLICT (key) DO NOTHING", keys);
#pragma warning restore EF1002
        var rows = await db.Lock<ThrottledKey>(RowLock.Change, $"key IN ({List("{0}")}) ORDER BY key", keys).ToListAsync();
        var now = time.GetUtcNow();
        var found = against.Zip(rows).Select(pair => (Guess: pair.First, Row: pair.Second)).ToList();
        var waits = found.Select(f => (f.Guess, Wait: f.Row.At + f.Guess.Rule.WaitAfter(f.Row.Level) - now)).Where(w => w.Wait > TimeSpan.Zero).ToList();
        if (waits.Count > 0)
        {
            var (guess, wait) = waits.MaxBy(w => w.Wait);
            return new(wait!.Value, [guess], TimeSpan.Zero);
        }

        var next = new Dictionary<Guess, TimeSpan>();
        foreach (var (guess, row) in found)
        {
            var level = guess.Rule.Add(guess.Rule.Level(row.Level, row.At, now));
            await db.Set<ThrottledKey>().Where(t => t.Key == guess.Key).ExecuteUpdateAsync(t => t.SetProperty(x => x.Level, level).SetProperty(x => x.At, now));
            next[guess] = guess.Rule.WaitAfter(level);
        }

        return new(TimeSpan.Zero, [.. asNamed.OrderByDescending(g => next[g])], next.Values.Max());
    }

    private static List<byte[]> Keys(IEnumerable<Guess> guesses) => [.. guesses.Select(g => g.Key)];
}
