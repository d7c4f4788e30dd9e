using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.BackChannelLogout;

/// <summary>
/// Anybody can post at the receiver. What that costs is bounded: nothing is remembered, the process does not grow, and
/// the provider is not asked for its keys more often than the interval allows.
/// </summary>
public sealed class GarbageTests(ITestOutputHelper output)
{
    private static readonly int Posts = Environment.GetEnvironmentVariable("IDENTITYHUB_SOAK") == "1" ? 100_000 : 10_000;

    // Everything invented claims to be about this session and to have this jti.
    private const string Sid = "victim";
    private const string TokenId = "one-and-the-same";

    [Fact]
    public async Task A_flood_of_garbage_leaves_no_trace()
    {
        await using var notes = await NotesProcess.StartAsync(("Logging__LogLevel__Default", "Error"), ("DOTNET_gcServer", "0"));
        using var victim = await notes.SignInAsync("ada", Sid);
        var kinds = Kinds(notes.Provider);
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = 8, UseProxy = false }) { BaseAddress = notes.Url };

        var fetched = notes.Provider.KeyFetches;
        var started = Stopwatch.GetTimestamp();

        // What grows once (code being compiled, pools, the heap's first budget) has grown after the first half.
        var (first, _) = await FloodAsync(http, kinds);
        var before = WorkingSet(notes);
        var (second, slowest) = await FloodAsync(http, kinds);
        var growth = WorkingSet(notes) - before;

        var fetches = notes.Provider.KeyFetches - fetched;
        output.WriteLine($"{Posts} posts: {first.TotalSeconds:0.0} s and {second.TotalSeconds:0.0} s a half, slowest answer {slowest.TotalMilliseconds:0} ms, growth {growth / 1024} KiB, {fetches} key look-ups");
        Assert.InRange(growth, long.MinValue, 24 * 1024 * 1024);
        Assert.InRange(fetches, 0, 1 + (int)(Stopwatch.GetElapsedTime(started) / ProviderMetadata.LookUpInterval));
        Assert.InRange(slowest, TimeSpan.Zero, TimeSpan.FromSeconds(10));

        // Neither the jti nor the sid was remembered: the session lives, one that comes late is let in, and the real
        // token with that jti ends both.
        Assert.True(await victim.IsSignedInAsync());
        using var late = await notes.SignInAsync("ada", Sid);
        Assert.Equal(HttpStatusCode.OK, (await notes.PostLogoutAsync(notes.Provider.Sign(Claims(notes.Provider), "logout+jwt"))).StatusCode);
        Assert.False(await victim.IsSignedInAsync());
        Assert.False(await late.IsSignedInAsync());
    }

    [Fact] // how far a forgery got is not to be read off the clock, and none costs more than another
    public async Task Every_kind_of_garbage_is_answered_in_the_same_time()
    {
        await using var notes = await NotesProcess.StartAsync(("Logging__LogLevel__Default", "Error"));
        using var victim = await notes.SignInAsync("ada", Sid);
        var kinds = Kinds(notes.Provider);
        var took = kinds.Select(_ => new List<TimeSpan>()).ToArray();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = notes.Url };

        // In turns, so that what else the machine does meets all kinds alike. The first ones are for code being compiled.
        for (var round = 0; round < 250; round++)
        {
            for (var kind = 0; kind < kinds.Length; kind++)
            {
                using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", kinds[kind]())]);
                var sent = Stopwatch.GetTimestamp();
                using var answer = await http.PostAsync("/backchannel-logout", form, TestContext.Current.CancellationToken);
                took[kind].Add(Stopwatch.GetElapsedTime(sent));
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            }
        }

        // The fastest tenth: what a kind costs it costs every time, and what the machine adds it does not.
        var fast = took.Select(times => times.Skip(50).Order().ElementAt(20).TotalMilliseconds).ToList();
        output.WriteLine($"the fastest tenth took at most, in ms: {string.Join(", ", fast.Select(m => $"{m:0.00}"))}");
        Assert.InRange(fast.Max() - fast.Min(), 0, 5);
    }

    private static async Task<(TimeSpan Took, TimeSpan Slowest)> FloodAsync(HttpClient http, Func<string>[] kinds)
    {
        var started = Stopwatch.GetTimestamp();
        var slowest = TimeSpan.Zero;
        var gate = new Lock();
        await Parallel.ForAsync(0, Posts / 2, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancel) =>
        {
            using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", kinds[i % kinds.Length]())]);
            var sent = Stopwatch.GetTimestamp();
            using var answer = await http.PostAsync("/backchannel-logout", form, cancel);
            var took = Stopwatch.GetElapsedTime(sent);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            lock (gate)
            {
                slowest = took > slowest ? took : slowest;
            }
        });
        return (Stopwatch.GetElapsedTime(started), slowest);
    }

    /// <summary>From what is not even a JWT to what only the signature gives away.</summary>
    private static Func<string>[] Kinds(FakeProvider provider)
    {
        var good = provider.Sign(Claims(provider), "logout+jwt");
        var unsigned = good[..good.LastIndexOf('.')];
        return
        [
            () => RandomNumberGenerator.GetHexString(2_000),
            () => new string('.', 20_000),
            () => Invented(provider, "RS256", RandomNumberGenerator.GetHexString(16)),
            () => Invented(provider, "RS256", provider.Key.Kid),
            () => Invented(provider, "none", provider.Key.Kid),
            () => unsigned + "." + Microsoft.AspNetCore.WebUtilities.WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(256)),
        ];
    }

    private static string Invented(FakeProvider provider, string alg, string kid) => Jwt.Sign(
        new JsonObject { ["alg"] = alg, ["kid"] = kid, ["typ"] = "logout+jwt" }, Claims(provider), _ => RandomNumberGenerator.GetBytes(256));

    private static JsonObject Claims(FakeProvider provider)
    {
        var claims = provider.LogoutClaims(Sid);
        claims["jti"] = TokenId;
        return claims;
    }

    private static long WorkingSet(NotesProcess notes)
    {
        using var process = Process.GetProcessById(notes.Process.Id);
        return process.WorkingSet64;
    }
}
