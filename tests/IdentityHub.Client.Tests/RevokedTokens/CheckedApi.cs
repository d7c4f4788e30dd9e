using System.Net;
using System.Net.Http.Headers;
using IdentityHub.Client.RevokedTokens;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Client.Tests.RevokedTokens;

/// <summary>An API with the check in its two lines, on a real Kestrel, and the provider whose feed it reads.</summary>
internal sealed class CheckedApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new(new SocketsHttpHandler());

    private CheckedApi(FeedProvider provider, Action<RevokedTokenCheckOptions>? check, Action<JwtBearerOptions>? scheme, Action<IServiceCollection>? services)
    {
        Provider = provider;
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(Time);
        builder.Services.AddAuthorization();
        builder.Services.AddHealthChecks().AddRevokedTokenCheck();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            .AddJwtBearer(o =>
            {
                (o.Authority, o.Audience, o.RequireHttpsMetadata) = (provider.Issuer, "https://api.example.com", false);
                scheme?.Invoke(o);
            })
            .AddRevokedTokenCheck(o =>
            {
                (o.ClientId, o.ClientSecret) = ("api", "secret");
                check?.Invoke(o);
            });
        services?.Invoke(builder.Services);
        _app = builder.Build();
        _app.MapGet("/", () => "in").RequireAuthorization();
    }

    public FeedProvider Provider { get; }

    /// <summary>Of the check; tokens themselves are judged by the real one.</summary>
    public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow());

    public Client.RevokedTokens.RevokedTokens Tokens => _app.Services.GetRequiredService<Client.RevokedTokens.RevokedTokens>();

    public static async Task<CheckedApi> StartAsync(
        Action<RevokedTokenCheckOptions>? check = null, Action<JwtBearerOptions>? scheme = null, Action<IServiceCollection>? services = null, Action<FeedProvider>? provider = null)
    {
        var feed = await FeedProvider.StartAsync();
        provider?.Invoke(feed);
        var api = new CheckedApi(feed, check, scheme, services);
        await api._app.StartAsync();
        return api;
    }

    public async Task<(HttpStatusCode Status, string Challenge)> CallAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _app.Urls.Single());
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.WwwAuthenticate.ToString());
    }

    public Task StatusBecomesAsync(HttpStatusCode status, string token, string what) => IdentityHub.Tests.Testing.Eventually.TrueAsync(
        async () => (await CallAsync(token)).Status == status, TimeSpan.FromSeconds(20), what);

    public async Task<HealthReportEntry> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["revoked_tokens"];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
