using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Client.Tests.Testing;

/// <summary>
/// A provider on loopback that lets everybody in at once, as <see cref="NextSubject"/> and <see cref="NextSid"/>, and
/// whose tokens and answers a test can bend. It knows no sessions: the tests are about what the application does.
/// </summary>
internal sealed class FakeProvider : IAsyncDisposable
{
    // Making an RSA key takes longer than most tests; nothing is done to this one.
    private static readonly ProviderKey FirstKey = new("k1");

    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, (string Subject, string? Sid, string? Nonce, string Challenge, string ClientId)> _codes = new();
    private int _metadataFetches;
    private int _keyFetches;

    private FakeProvider(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/.well-known/openid-configuration", (Delegate)Metadata);
        _app.MapGet("/jwks", Keys);
        _app.MapGet("/authorize", Authorize);
        _app.MapPost("/token", (Delegate)Token);
        _app.MapGet("/userinfo", () => Results.Json(new { sub = NextSubject, name = NextName }));
        _app.MapGet("/end-session", (Delegate)EndSession);
    }

    public ProviderKey Key { get; private set; } = FirstKey;

    public List<ProviderKey> Published { get; } = [];

    public string Issuer { get; set; } = "";

    public string NextSubject { get; set; } = "ada";

    public string NextName { get; set; } = "Ada Lovelace";

    public string? NextSid { get; set; } = "s1";

    /// <summary>What the authorization response says as iss; null leaves it out (RFC 9207).</summary>
    public string? ResponseIssuer { get; set; }

    public bool SaysItSendsIssuer { get; set; } = true;

    /// <summary>An error to answer the authorization request with.</summary>
    public string? AuthorizeError { get; set; }

    /// <summary>Runs while the application redeems its code, before the tokens are issued.</summary>
    public Func<Task> WhileRedeeming { get; set; } = () => Task.CompletedTask;

    public string IdTokenAlgorithm { get; set; } = "RS256";

    public string? LastIdToken { get; private set; }

    public Action<JsonObject> BendIdToken { get; set; } = _ => { };

    public bool Down { get; set; }

    public Action<JsonObject> BendMetadata { get; set; } = _ => { };

    /// <summary>Runs while the metadata is being fetched, before it is answered.</summary>
    public Func<Task> WhileFetchingMetadata { get; set; } = () => Task.CompletedTask;

    /// <summary>An error to answer the token request with.</summary>
    public string? TokenError { get; set; }

    public int MetadataFetches => Volatile.Read(ref _metadataFetches);

    public int KeyFetches => Volatile.Read(ref _keyFetches);

    /// <summary>Runs while a browser is at the end-session endpoint, before it is sent back.</summary>
    public Func<Task> WhileEndingSession { get; set; } = () => Task.CompletedTask;

    public ConcurrentQueue<IQueryCollection> AuthorizationRequests { get; } = new();

    /// <summary>How long ago the person proved who they are: the provider signs in silently unless <c>max_age</c> is shorter.</summary>
    public TimeSpan AuthenticatedAgo { get; set; }

    /// <summary>Whether the provider looks at <c>max_age</c>.</summary>
    public bool ObeysMaxAge { get; set; } = true;

    public ConcurrentQueue<IQueryCollection> EndSessionRequests { get; } = new();

    public static async Task<FakeProvider> StartAsync(TimeProvider time)
    {
        var provider = new FakeProvider(time);
        provider.Published.Add(provider.Key);
        await provider._app.StartAsync();
        provider.Issuer = provider.ResponseIssuer = provider._app.Urls.Single();
        return provider;
    }

    public string Sign(JsonObject claims, string? typ, string alg = "RS256")
    {
        var header = new JsonObject { ["alg"] = alg, ["kid"] = alg == "ES256" ? Key.EcKid : Key.Kid };
        if (typ is not null)
        {
            header["typ"] = typ;
        }

        return Jwt.Sign(header, claims, alg == "ES256" ? Jwt.Es256(Key.Ec) : Jwt.Rs256(Key.Rsa));
    }

    /// <summary>The claims of a good logout token, to be bent.</summary>
    public JsonObject LogoutClaims(string? sid = null, string? sub = null, string aud = Application.ClientId)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = aud, ["iat"] = now, ["exp"] = now + 120,
            ["jti"] = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
            ["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = new JsonObject() },
        };
        if (sid is not null)
        {
            claims["sid"] = sid;
        }

        if (sub is not null)
        {
            claims["sub"] = sub;
        }

        return claims;
    }

    public string LogoutToken(string? sid = null, string? sub = null) => Sign(LogoutClaims(sid, sub), "logout+jwt");

    /// <summary>A new signing key; without publishing it the application cannot know it.</summary>
    public void Rotate(bool publish)
    {
        Key = new ProviderKey("k" + (Published.Count + 1));
        if (publish)
        {
            Published.Add(Key);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (var key in Published.Append(Key).Except([FirstKey]))
        {
            key.Dispose();
        }
    }

    private async Task<IResult> Metadata()
    {
        Interlocked.Increment(ref _metadataFetches);
        await WhileFetchingMetadata();
        var url = _app.Urls.Single();
        var metadata = new JsonObject
        {
            ["issuer"] = Issuer,
            ["authorization_endpoint"] = url + "/authorize",
            ["token_endpoint"] = url + "/token",
            ["userinfo_endpoint"] = url + "/userinfo",
            ["end_session_endpoint"] = url + "/end-session",
            ["jwks_uri"] = url + "/jwks",
            ["authorization_response_iss_parameter_supported"] = SaysItSendsIssuer,
            ["backchannel_logout_supported"] = true,
            ["backchannel_logout_session_supported"] = true,
        };
        BendMetadata(metadata);
        return Down ? Results.StatusCode(503) : Results.Json(metadata);
    }

    private IResult Keys()
    {
        Interlocked.Increment(ref _keyFetches);
        return Results.Json(new JsonObject { ["keys"] = new JsonArray([.. Published.SelectMany(k => k.Public())]) });
    }

    private IResult Authorize(HttpContext context)
    {
        var query = context.Request.Query;
        AuthorizationRequests.Enqueue(query);
        if (ObeysMaxAge && query["max_age"] is [{ } maxAge] && AuthenticatedAgo.TotalSeconds > long.Parse(maxAge, System.Globalization.CultureInfo.InvariantCulture))
        {
            AuthenticatedAgo = TimeSpan.Zero;
        }

        var answer = new Dictionary<string, string?> { ["state"] = query["state"], ["iss"] = ResponseIssuer };
        if (AuthorizeError is not null)
        {
            answer["error"] = AuthorizeError;
        }
        else
        {
            var code = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
            _codes[code] = (NextSubject, NextSid, query["nonce"], query["code_challenge"].ToString(), query["client_id"].ToString());
            answer["code"] = code;
        }

        var present = answer.Where(a => a.Value is not null).ToDictionary();
        return Results.Redirect(QueryHelpers.AddQueryString(query["redirect_uri"].ToString(), present));
    }

    private async Task<IResult> Token(HttpContext context)
    {
        if (TokenError is not null)
        {
            return Results.Json(new { error = TokenError }, statusCode: 400);
        }

        var form = await context.Request.ReadFormAsync();
        if (!_codes.TryRemove(form["code"].ToString(), out var code)
            || WebEncoders.Base64UrlEncode(SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(form["code_verifier"].ToString()))) != code.Challenge)
        {
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        }

        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        await WhileRedeeming();
        var claims = new JsonObject
        {
            ["iss"] = Issuer, ["aud"] = code.ClientId, ["sub"] = code.Subject, ["nonce"] = code.Nonce,
            ["iat"] = now, ["exp"] = now + 300, ["auth_time"] = now - (long)AuthenticatedAgo.TotalSeconds,
        };
        if (code.Sid is not null)
        {
            claims["sid"] = code.Sid;
        }

        BendIdToken(claims);
        LastIdToken = Sign(claims, "JWT", IdTokenAlgorithm);
        return Results.Json(new { access_token = "access", refresh_token = "refresh", token_type = "Bearer", expires_in = 300, id_token = LastIdToken });
    }

    private async Task<IResult> EndSession(HttpContext context)
    {
        var query = context.Request.Query;
        EndSessionRequests.Enqueue(query);
        await WhileEndingSession();
        return Results.Redirect(QueryHelpers.AddQueryString(query["post_logout_redirect_uri"].ToString(), "state", query["state"].ToString()));
    }
}
