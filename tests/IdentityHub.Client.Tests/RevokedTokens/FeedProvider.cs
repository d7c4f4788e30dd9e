using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using IdentityHub.Client.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Client.Tests.RevokedTokens;

/// <summary>A provider with a revocation feed that says what the test says, on loopback.</summary>
internal sealed class FeedProvider : IAsyncDisposable
{
    private static readonly ProviderKey Key = new("k1");

    private readonly WebApplication _app;
    private Channel<string?> _frames = Channel.CreateUnbounded<string?>();
    private int _tokens;

    private FeedProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", () => Results.Json(Metadata()));
        _app.MapGet("/jwks", () => Results.Json(new JsonObject { ["keys"] = new JsonArray([.. Key.Public()]) }));
        _app.MapPost("/token", () => TokenError is { } error
            ? Results.Json(new { error }, statusCode: 400)
            : Results.Json(new { access_token = $"token-{Interlocked.Increment(ref _tokens)}", expires_in = TokenLives, token_type = "Bearer" }));
        _app.MapGet("/revocations", (Delegate)StreamAsync);
    }

    public string Issuer => _app.Urls.Single();

    public int TokenLives { get; set; } = 300;

    public string? TokenError { get; set; }

    /// <summary>What the next connections are answered with in place of the stream.</summary>
    public int? Refusal { get; set; }

    public bool HasFeed { get; set; } = true;

    /// <summary>Each connection: the token it came with and its Last-Event-ID.</summary>
    public ConcurrentQueue<(string Authorization, string LastEventId)> Connections { get; } = new();

    public static async Task<FeedProvider> StartAsync()
    {
        var provider = new FeedProvider();
        await provider._app.StartAsync();
        return provider;
    }

    public void SessionEnded(string sid, string id = "1-1") =>
        Say($"id: {id}\nevent: session-ended\ndata: {{\"sid\":\"{sid}\",\"sub\":\"ada\",\"reason\":\"signed_out\"}}\n\n");

    public void PersonRevoked(string sub, DateTimeOffset until) =>
        Say($"event: person-revoked\ndata: {{\"sub\":\"{sub}\",\"revokedAt\":\"{until.ToString("O", CultureInfo.InvariantCulture)}\"}}\n\n");

    public void Current(double heartbeat = 30, double kept = 3600) =>
        Say(string.Create(CultureInfo.InvariantCulture, $"event: current\ndata: {{\"heartbeatSeconds\":{heartbeat},\"keptSeconds\":{kept}}}\n\n"));

    public void Say(string frame) => _frames.Writer.TryWrite(frame);

    /// <summary>Ends the present connection: in good order, or in the middle.</summary>
    public void End(bool inGoodOrder) => _frames.Writer.TryWrite(inGoodOrder ? null : "abort");

    /// <summary>An access token of RFC 9068.</summary>
    public string AccessToken(string? sid = "s1", string sub = "ada", TimeSpan? ago = null, TimeSpan? lives = null, string? issuer = null)
    {
        var issued = TimeProvider.System.GetUtcNow() - (ago ?? TimeSpan.Zero);
        var claims = new JsonObject
        {
            ["iss"] = issuer ?? Issuer, ["aud"] = "https://api.example.com", ["sub"] = sub, ["client_id"] = "notes",
            ["iat"] = issued.ToUnixTimeSeconds(), ["exp"] = (issued + (lives ?? TimeSpan.FromMinutes(5))).ToUnixTimeSeconds(),
        };
        if (sid is not null)
        {
            claims["sid"] = sid;
        }

        return Jwt.Sign(new JsonObject { ["alg"] = "RS256", ["kid"] = Key.Kid, ["typ"] = "at+jwt" }, claims, Jwt.Rs256(Key.Rsa));
    }

    public ValueTask DisposeAsync()
    {
        _frames.Writer.TryComplete();
        return _app.DisposeAsync();
    }

    private JsonObject Metadata()
    {
        var metadata = new JsonObject { ["issuer"] = Issuer, ["token_endpoint"] = Issuer + "/token", ["jwks_uri"] = Issuer + "/jwks" };
        if (HasFeed)
        {
            metadata["revocation_feed_endpoint"] = Issuer + "/revocations";
        }

        return metadata;
    }

    private async Task StreamAsync(HttpContext context)
    {
        Connections.Enqueue((context.Request.Headers.Authorization.ToString(), context.Request.Headers["Last-Event-ID"].ToString()));
        if (Refusal is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.Body.FlushAsync(context.RequestAborted);
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(context.RequestAborted))
            {
                if (frame is null)
                {
                    return;
                }

                if (frame == "abort")
                {
                    context.Abort();
                    return;
                }

                await context.Response.WriteAsync(frame, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The API has gone.
        }
    }
}
