using System.Net;
using System.Security.Claims;
using IdentityHub.Client.Diagnostics;
using IdentityHub.Client.Sessions;
using IdentityHub.Client.StepUp;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Client.Tests.Testing;

/// <summary>A relying party with the package in its two lines, on a real Kestrel, with a provider of its own.</summary>
internal sealed class Application : IAsyncDisposable
{
    public const string ClientId = "app";
    public const string Cookie = "app";

    private readonly WebApplication _app;

    private Application(FakeProvider provider, FakeTimeProvider time, Action<IdentityHubOptions> bend, ISessionStore? store)
    {
        Provider = provider;
        Time = time;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddHealthChecks().AddIdentityHub();
        builder.Services.AddSingleton<IDataProtectionProvider>(new EphemeralDataProtectionProvider());
        if (store is not null)
        {
            builder.Services.AddSingleton(store);
        }

        builder.Services.AddIdentityHub(o =>
        {
            o.Authority = provider.Issuer;
            o.ClientId = ClientId;
            o.ClientSecret = "secret";
            o.CookieName = Cookie;
            bend(o);
        });
        _app = builder.Build();
        // As an application may do for all its pages.
        _app.Use((context, next) =>
        {
            context.Response.Headers.XFrameOptions = "DENY";
            return next(context);
        });
        _app.MapIdentityHub();
        _app.MapHealthChecks("/health", new() { ResponseWriter = (context, report) => context.Response.WriteAsync($"{report.Status}: {report.Entries["identityhub"].Description}") });
        _app.MapGet("/", () => "home");
        _app.MapGet("/private", (ClaimsPrincipal person) => $"{person.FindFirstValue(ClaimTypes.NameIdentifier)} {person.Identity!.Name}").RequireAuthorization();
        _app.MapPost("/private", () => "posted").RequireAuthorization();
        _app.MapGet("/recent", () => "recent").RequireRecentAuthentication(TimeSpan.FromMinutes(5));
        _app.MapPost("/recent", () => "done").RequireRecentAuthentication(TimeSpan.FromMinutes(5));
        _app.MapGet("/strong", () => "strong").RequireRecentAuthentication(TimeSpan.FromMinutes(5), "phr", "mfa");
        _app.MapGet("/until-ended", async (HttpContext context) =>
        {
            await context.Response.WriteAsync("open ");
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync(await context.SessionEndsAsync(context.RequestAborted) ? "ended" : "left");
        }).RequireAuthorization();
        _app.MapGet("/tokens", (Delegate)(async (HttpContext context) => await context.GetTokenAsync("access_token"))).RequireAuthorization();
    }

    public FakeProvider Provider { get; }

    public FakeTimeProvider Time { get; }

    /// <summary>What the application has logged.</summary>
    public CollectedLog Log { get; } = new();

    public Uri Url => new(_app.Urls.Single());

    public IServiceProvider Services => _app.Services;

    public static async Task<Application> StartAsync(Action<IdentityHubOptions>? bend = null, ISessionStore? store = null)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var provider = await FakeProvider.StartAsync(time);
        var application = new Application(provider, time, bend ?? (_ => { }), store);
        await application._app.StartAsync();
        return application;
    }

    public Browser NewBrowser() => new(Url);

    /// <summary>Signs a person in and returns the browser.</summary>
    public async Task<Browser> SignInAsync(string sub, string? sid)
    {
        (Provider.NextSubject, Provider.NextSid) = (sub, sid);
        var browser = NewBrowser();
        var answer = await browser.GetAsync("/private");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return browser;
    }

    public async Task<HttpResponseMessage> PostLogoutAsync(string token, params (string, string)[] more)
    {
        using var client = NewBrowser();
        return await client.PostFormAsync("/backchannel-logout", [("logout_token", token), .. more]);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
