using System.Diagnostics;
using System.Globalization;
using IdentityHub.Client.RevokedTokens;
using IdentityHub.Client.Tests.Testing;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Tests.RevokedTokens;

/// <summary>
/// The bounds that must hold on any machine, also a busy one and without optimisation; the figures themselves are measured
/// by <c>tests/IdentityHub.Benchmarks</c>.
/// </summary>
[Collection(typeof(Alone))]
public sealed class CostTests(ITestOutputHelper output)
{
    private const int Entries = 1_000_000;

    [Fact]
    public void A_million_ended_sessions_cost_little_memory_and_a_request_next_to_nothing()
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var tokens = new Client.RevokedTokens.RevokedTokens(Options.Create(new RevokedTokenCheckOptions()), TimeProvider.System);
        for (var n = 0; n < Entries; n++)
        {
            tokens.SessionEnded(Sid(n));
        }

        tokens.Current();
        var bytes = (double)(GC.GetTotalMemory(forceFullCollection: true) - before) / Entries;

        var sids = Enumerable.Range(0, 1024).Select(n => Sid(n * 1999)).ToArray();
        var best = Enumerable.Range(0, 50).Min(_ => Measure(tokens, sids));

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes:0.0} bytes per entry, {best:0} ns per request with {tokens.Count} entries (best of 50 batches, not optimised)."));
        Assert.Equal(Entries, tokens.Count);
        Assert.InRange(bytes, 1, 64);
        Assert.InRange(best, 1, 2000);
    }

    [Fact]
    public void A_judgement_allocates_nothing()
    {
        var tokens = new Client.RevokedTokens.RevokedTokens(Options.Create(new RevokedTokenCheckOptions()), TimeProvider.System);
        tokens.SessionEnded("one");
        tokens.Current();
        tokens.Judge("one", "ada", 1000, 1300);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var n = 0; n < 1000; n++)
        {
            tokens.Judge("one", "ada", 1000, 1300);
            tokens.Judge("other", "ada", 1000, 1300);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static double Measure(Client.RevokedTokens.RevokedTokens tokens, string[] sids)
    {
        var started = Stopwatch.GetTimestamp();
        var revoked = 0;
        foreach (var sid in sids)
        {
            revoked += tokens.Judge(sid, "01932f6d-1b2a-7c43-8f21-5d9e4a7b6c10", 1000, 1300) is RevokedTokenVerdict.Revoked ? 1 : 0;
        }

        var took = Stopwatch.GetElapsedTime(started);
        Assert.InRange(revoked, 1, sids.Length - 1);
        return took.TotalNanoseconds / sids.Length;
    }

    private static string Sid(int n) => string.Create(CultureInfo.InvariantCulture, $"kq0mJ0oJ2yV3r1cXo8x9Zt6u{n:D8}");
}
