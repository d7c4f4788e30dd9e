using System.Diagnostics;
using System.Globalization;
using IdentityHub.Client.RevokedTokens;

namespace IdentityHub.Benchmarks;

/// <summary>
/// What an API pays per request for refusing ended sessions: both look-ups of a token, by <c>sid</c> and by <c>sub</c>, and
/// whether the feed is current; with a million ended sessions remembered, one token in two being of one of them.
/// </summary>
internal static class RevokedTokenCheck
{
    private const int Entries = 1_000_000;

    public static void Measure(Options options, Report report)
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tokens = new RevokedTokens(Microsoft.Extensions.Options.Options.Create(new RevokedTokenCheckOptions()), TimeProvider.System);
        for (var n = 0; n < Entries; n++)
        {
            tokens.SessionEnded(Sid(n));
        }

        tokens.PersonRevoked("01932f6d-1b2a-7c43-8f21-5d9e4a7b6c11", TimeProvider.System.GetUtcNow());
        tokens.Current();
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Entries;
        // In an order that no cache of the processor foresees.
        var sids = Enumerable.Range(0, 1 << 18).Select(n => Sid((int)(n * 2_654_435_761L % (2 * Entries)))).ToArray();
        // Until the compiler has replaced what it compiled in haste.
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < options.WarmUp;)
        {
            Run(tokens, sids);
        }

        report.Check([.. Enumerable.Range(0, Math.Max(options.Runs, 5)).Select(_ => Run(tokens, sids))], bytes);
    }

    private static double Run(RevokedTokens tokens, string[] sids)
    {
        // In batches shorter than a time slice, and their median: what else the machine does falls into a few of them.
        var (batches, revoked) = (new List<double>(), 0);
        foreach (var batch in sids.Chunk(1024))
        {
            var started = Stopwatch.GetTimestamp();
            foreach (var sid in batch)
            {
                revoked += tokens.Judge(sid, "01932f6d-1b2a-7c43-8f21-5d9e4a7b6c10", 1000, 1300) is RevokedTokenVerdict.Revoked ? 1 : 0;
            }

            batches.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / batch.Length);
        }

        batches.Sort();
        return revoked > 0 && revoked < sids.Length ? batches[batches.Count / 2] : throw new InvalidOperationException("All or none were refused: nothing worth measuring.");
    }

    private static string Sid(int n) => string.Create(CultureInfo.InvariantCulture, $"kq0mJ0oJ2yV3r1cXo8x9Zt6u{n:D8}");
}
