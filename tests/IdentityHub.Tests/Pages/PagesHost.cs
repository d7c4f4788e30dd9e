using System.Net.Http.Headers;
using IdentityHub.Pages;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Logging;
using Xunit;

namespace IdentityHub.Tests.Pages;

/// <summary>A server of nothing but the shared part of the pages, and endpoints that need each of it.</summary>
internal sealed class PagesHost : IAsyncDisposable
{
    public const string Secret = "the connection string";

    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private IResult? _page;

    private PagesHost(WebApplication app)
    {
        _app = app;
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()) };
    }

    /// <summary>How often the handler behind the guarded form has run.</summary>
    public int FormsHandled { get; private set; }

    /// <summary>What a browser gets when an endpoint answers with this page.</summary>
    public static async Task<Answer> ShowAsync(IResult page)
    {
        await using var host = await StartAsync();
        host._page = page;
        return await host.GetAsync("/shown");
    }

    public static async Task<PagesHost> StartAsync(params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", "--Hub:Issuer", "http://127.0.0.1", .. settings]);
        builder.Logging.ClearProviders();
        builder.AddPages();
        var app = builder.Build();
        app.UsePages();
        app.MapPages();

        PagesHost? host = null;
        app.MapGet("/page", () => new RazorComponentResult<FailurePage>(new { Text = FailureText.Of(404), RequestId = "1" }));
        app.MapGet("/shown", () => host!._page);
        app.MapGet("/application", (HttpContext context) =>
        {
            FormTargets.Of(context).Allow(new Uri("https://app.example.com/callback"));
            FormTargets.Of(context).Allow(new Uri("com.example.app:/callback"));
            return "";
        });
        app.MapGet("/fails", string () => throw new InvalidOperationException(Secret));
        app.MapGet("/kept", (HttpContext context) => context.Response.Headers.CacheControl = "public, max-age=60");
        app.MapGet("/done", () => SeeOther.To("/page"));
        app.MapGet("/token", (HttpContext context, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(context).RequestToken);
        app.MapPost("/form", () => host!.FormsHandled++).WithMetadata(new RequireAntiforgeryTokenAttribute());
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host = new PagesHost(app);
    }

    public Task<Answer> GetAsync(string path, string accept = "text/html") => SendAsync(new(HttpMethod.Get, path), accept);

    public Task<Answer> SendAsync(HttpRequestMessage request, string accept = "text/html")
    {
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        return Answer.OfAsync(_client.SendAsync(request, TestContext.Current.CancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
