using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Tests.Administration;

/// <summary>An application with a page that only who is signed in sees, and sessions of its own. It can be told to misbehave.</summary>
internal sealed class SmallApplication : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    // By the value of its cookie, the sid.
    private readonly ConcurrentDictionary<string, string> _sessions = new();
    private readonly ConcurrentBag<string> _cookies = [];

    private SmallApplication(WebApplication app, Uri address) => (_app, Address) = (app, address);

    public Uri Address { get; }

    public Uri Hub { get; set; } = null!;

    public string ClientId { get; set; } = "";

    public string Secret { get; set; } = "";

    /// <summary>It confirms that it has ended its session, and has not.</summary>
    public bool IgnoresLogout { get; set; }

    /// <summary>It answers a logout token with 400.</summary>
    public bool RefusesLogout { get; set; }

    /// <summary>How it asks the hub to answer.</summary>
    public string ResponseMode { get; set; } = "query";

    /// <summary>What it answers to the page in place of all else.</summary>
    public Func<HttpContext, IResult?> Before { get; set; } = _ => null;

    /// <summary>Everything that was ever sent to it as a cookie.</summary>
    public IEnumerable<string> Cookies => _cookies;

    public int Sessions => _sessions.Count;

    public static async Task<SmallApplication> StartAsync()
    {
        var port = FreePorts.Next();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port));
        var app = builder.Build();
        var application = new SmallApplication(app, new Uri($"http://localhost:{port}"));
        app.Use((context, next) =>
        {
            application._cookies.Add(context.Request.Headers.Cookie.ToString());
            return next(context);
        });
        app.MapGet("/page", application.Page);
        app.MapMethods("/callback", ["GET", "POST"], (Delegate)application.CallbackAsync);
        app.MapPost("/logout", (Delegate)application.LogoutAsync);
        await app.StartAsync();
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private IResult Page(HttpContext context) => Before(context) ?? (context.Request.Cookies["small"] is { } cookie && _sessions.ContainsKey(cookie)
        ? Results.Text("Welcome back.")
        : Results.Redirect(QueryHelpers.AddQueryString(new Uri(Hub, "/authorize").AbsoluteUri, new Dictionary<string, string?>
        {
            ["client_id"] = ClientId,
            ["redirect_uri"] = new Uri(Address, "/callback").AbsoluteUri,
            ["response_type"] = "code",
            ["response_mode"] = ResponseMode,
            ["scope"] = "openid email",
            ["state"] = "of-no-interest-here",
            ["nonce"] = "of-no-interest-here",
            // RFC 7636, appendix B.
            ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            ["code_challenge_method"] = "S256",
        })));

    private async Task<IResult> CallbackAsync(HttpContext context)
    {
        var code = HttpMethods.IsPost(context.Request.Method) ? (await context.Request.ReadFormAsync())["code"] : context.Request.Query["code"];
        using var answer = await _http.PostAsync(new Uri(Hub, "/token"), new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code.ToString(),
            ["redirect_uri"] = new Uri(Address, "/callback").AbsoluteUri,
            ["client_id"] = ClientId,
            ["client_secret"] = Secret,
            ["code_verifier"] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        }));
        var tokens = await answer.Content.ReadFromJsonAsync<JsonObject>();
        var cookie = Guid.CreateVersion7().ToString("N");
        _sessions[cookie] = Claim(tokens!["id_token"]!.GetValue<string>(), "sid");
        context.Response.Cookies.Append("small", cookie, new CookieOptions { HttpOnly = true, Secure = true, SameSite = SameSiteMode.None });
        return Results.Redirect("/page");
    }

    private async Task<IResult> LogoutAsync(HttpContext context)
    {
        if (RefusesLogout)
        {
            return Results.BadRequest();
        }

        var sid = Claim((await context.Request.ReadFormAsync())["logout_token"].ToString(), "sid");
        foreach (var session in _sessions.Where(s => !IgnoresLogout && s.Value == sid))
        {
            _sessions.TryRemove(session.Key, out _);
        }

        return Results.Ok();
    }

    // Whether a token is genuine is what other tests are about.
    private static string Claim(string token, string name) =>
        JsonNode.Parse(WebEncoders.Base64UrlDecode(token.Split('.')[1]))![name]!.GetValue<string>();
}
