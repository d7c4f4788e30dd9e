using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Benchmarks;

/// <summary>
/// The back channels of five relying parties, each at an address of its own: they note when the logout token of each
/// session came and answer 200. The last can be told to hang. Safe from any thread.
/// </summary>
internal sealed class Receivers : IAsyncDisposable
{
    public const int Count = 5;
    private readonly ConcurrentDictionary<string, long[]> _arrivals = [];
    private readonly WebApplication _app;
    private readonly int _port;
    private volatile TaskCompletionSource? _hang;
    private int _told;

    private Receivers(WebApplication app, int port) => (_app, _port) = (app, port);

    /// <summary>How many of the relying parties were told, over all sessions; one that is told twice counts once.</summary>
    public int Told => _told;

    public static async Task<Receivers> StartAsync()
    {
        var port = FreePorts.Row(Count);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            for (var n = 0; n < Count; n++)
            {
                kestrel.ListenLocalhost(port + n);
            }
        });
        var receivers = new Receivers(builder.Build(), port);
        receivers._app.MapPost("/logout", receivers.ReceiveAsync);
        await receivers._app.StartAsync();
        return receivers;
    }

    public Uri Address(int n) => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{_port + n}/logout"));

    /// <summary>By which claims of an ID token its session is found in a logout token: <c>sid</c> where the tokens have one, otherwise <c>sub</c>.</summary>
    public static string Key(JsonObject claims) => (string?)(claims["sid"] ?? claims["sub"]) ?? throw new FormatException("The token has neither sid nor sub.");

    public void Forget()
    {
        _arrivals.Clear();
        _told = 0;
    }

    /// <summary>When the last relying party was told of the session.</summary>
    public long LastOf(string key) => _arrivals[key].Max();

    /// <summary>From now on the last of the relying parties takes requests and answers none, until it is released.</summary>
    public void Hang() => _hang = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => Interlocked.Exchange(ref _hang, null)?.SetResult();

    public ValueTask DisposeAsync()
    {
        Release();
        return _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        var (now, party) = (Stopwatch.GetTimestamp(), http.Connection.LocalPort - _port);
        var form = await http.Request.ReadFormAsync();
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(form["logout_token"].ToString().Split('.')[1]))!.AsObject();
        if (Interlocked.CompareExchange(ref _arrivals.GetOrAdd(Key(claims), _ => new long[Count])[party], now, 0) == 0)
        {
            Interlocked.Increment(ref _told);
        }

        if (party == Count - 1 && _hang is { } hang)
        {
            await hang.Task.WaitAsync(http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
