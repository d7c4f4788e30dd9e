using System.Collections.Immutable;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>
/// A relying party whose back channel can be told, while it runs, how to answer. It keeps every logout token it was
/// sent, in order of arrival, whatever it answered.
/// </summary>
internal sealed class RelyingPartyStub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _closing = new();
    private ImmutableList<ReceivedLogout> _received = [];
    private int _unreadable;
    private int _redirectsFollowed;

    private RelyingPartyStub(WebApplication app, string clientId, int port)
    {
        _app = app;
        Address = new UriBuilder(Uri.UriSchemeHttp, "localhost", port).Uri;
        Settings = new RelyingPartySettings(clientId, new Uri(Address, "/callback"))
        {
            BackChannelLogoutUri = new Uri(Address, "/back-channel-logout"),
            PostLogoutRedirectUris = [new Uri(Address, "/signed-out")],
        };
    }

    public Uri Address { get; }

    /// <summary>For <see cref="HubSettings.RelyingParties"/>.</summary>
    public RelyingPartySettings Settings { get; init; }

    public BackChannelAnswer Answer { get; set; } = BackChannelAnswer.Ok;

    public IReadOnlyList<ReceivedLogout> Received => _received;

    /// <summary>Requests to the back channel that carried no decodable <c>logout_token</c>.</summary>
    public int Unreadable => _unreadable;

    /// <summary>How often somebody came to <see cref="RedirectTarget"/>; the hub never may.</summary>
    public int RedirectsFollowed => _redirectsFollowed;

    public Uri RedirectTarget => new(Address, "/elsewhere");

    public static async Task<RelyingPartyStub> StartAsync(string clientId)
    {
        var port = FreePorts.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        var stub = new RelyingPartyStub(app, clientId, port);
        app.MapPost("/back-channel-logout", stub.ReceiveAsync);
        app.Map("/elsewhere", () => Interlocked.Increment(ref stub._redirectsFollowed));
        // Where browsers arrive: without a body, Chromium would show a page of its own in place of a 404.
        app.MapGet("/callback", () => "Signed in, or not.");
        app.MapGet("/signed-out", () => "Signed out.");
        await app.StartAsync();
        return stub;
    }

    /// <summary>Waits until a logout token for the session has arrived, whatever it was answered.</summary>
    public Task<ReceivedLogout> WaitForLogoutAsync(string sid, TimeSpan within) => Eventually.ValueAsync(
        () => Task.FromResult(_received.Find(logout => logout.Sid == sid)),
        within, $"a logout token for sid {sid} at {Settings.ClientId}", Describe);

    /// <summary>Waits until a logout token for the session was answered with 200 or 204.</summary>
    public Task<ReceivedLogout> WaitForConfirmedLogoutAsync(string sid, TimeSpan within) => Eventually.ValueAsync(
        () => Task.FromResult(_received.Find(logout => logout.Sid == sid && logout.Answered is BackChannelAnswer.Status { Code: 200 or 204 })),
        within, $"a logout token for sid {sid} that {Settings.ClientId} confirmed", Describe);

    public Task WaitForCountAsync(int count, TimeSpan within) => Eventually.TrueAsync(
        () => _received.Count >= count, within, $"{count} logout tokens at {Settings.ClientId}", Describe);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _app.DisposeAsync();
    }

    private async Task ReceiveAsync(HttpContext http)
    {
        var answer = Answer;
        var form = await http.Request.ReadFormAsync();
        try
        {
            var logout = ReceivedLogout.Decode(TimeProvider.System.GetUtcNow(), form["logout_token"].ToString(), answer) with { TraceParent = http.Request.Headers.TraceParent };
            ImmutableInterlocked.Update(ref _received, (all, one) => all.Add(one), logout);
        }
        catch (Exception ex) when (ex is FormatException or System.Text.Json.JsonException)
        {
            Interlocked.Increment(ref _unreadable);
        }

        using var until = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, _closing.Token);
        await BackChannelResponse.WriteAsync(http, answer, until.Token);
    }

    private string Describe() =>
        $"It has {_received.Count} ({string.Join(", ", _received.Select(logout => $"sid {logout.Sid} answered {logout.Answered}"))}) and {_unreadable} unreadable.";
}
