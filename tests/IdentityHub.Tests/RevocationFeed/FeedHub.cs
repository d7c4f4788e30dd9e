using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.RevocationFeed;

/// <summary>A hub in this process, on either database, with an API that may read the feed and an application that may not.</summary>
internal sealed class FeedHub : IAsyncDisposable
{
    private const string Secret = "a secret of the tests, known to everybody";

    private readonly TemporaryFolder _folder;
    private readonly WebApplication _app;
    private readonly HttpClient _http;

    private FeedHub(WebApplication app, TemporaryFolder folder)
    {
        (_app, _folder) = (app, folder);
        _http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(30) };
    }

    public HttpClient Http => _http;

    public string Folder => _folder.Path;

    public IServiceProvider Services => _app.Services;

    /// <param name="provider"><c>Sqlite</c> or <c>Postgres</c>.</param>
    /// <param name="servers">Where PostgreSQL is.</param>
    /// <param name="settings">In the form <c>--RevocationFeed:Backlog=16</c>.</param>
    public static async Task<FeedHub> StartAsync(string provider, SharedServers servers, params string[] settings) =>
        await StartAsync(provider == "Postgres" ? await (await servers.PostgresAsync()).CreateDatabaseAsync() : null, settings);

    /// <summary>Another node on the same PostgreSQL is started by its connection string.</summary>
    public static async Task<FeedHub> StartAsync(string? postgres, params string[] settings)
    {
        var folder = new TemporaryFolder();
        var app = HubHost.Build(
        [
            "--environment=Development", "--Logging:LogLevel:Default=None", "--urls=http://127.0.0.1:0",
            "--Hub:Issuer=http://127.0.0.1", $"--Hub:DataFolder={folder.Path}", "--RevocationFeed:Heartbeat=00:00:00.2",
            "--RelyingParties:0:ClientId=api", $"--RelyingParties:0:ClientSecret={Secret}", "--RelyingParties:0:GrantTypes:0=client_credentials", "--RelyingParties:0:Scopes:0=revocation_feed",
            "--RelyingParties:1:ClientId=other", $"--RelyingParties:1:ClientSecret={Secret}", "--RelyingParties:1:GrantTypes:0=client_credentials", "--RelyingParties:1:Scopes:0=other",
            "--RelyingParties:1:Audiences:0=https://api.example.com", "--RelyingParties:1:Audiences:1=urn:another",
            .. postgres is null ? Array.Empty<string>() : ["--Database:Provider=Postgres", $"--ConnectionStrings:Database={postgres}"],
            .. settings,
        ]);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Migrator>().MigrateAsync(default);
        }

        await HubHost.PrepareAsync(app, default);
        await app.StartAsync();
        return new FeedHub(app, folder);
    }

    public Task<string> TokenAsync() => TokenAsync("api", "revocation_feed");

    public async Task<string> TokenAsync(string client, string scope)
    {
        using var answer = await _http.PostAsync("/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = Secret, ["scope"] = scope,
        }));
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (string?)json["access_token"] ?? throw new InvalidOperationException(json.ToJsonString());
    }

    /// <summary>Opens the stream; the caller reads it.</summary>
    public async Task<HttpResponseMessage> GetAsync(string? token, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/revocations");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async Task<FeedTap> OpenAsync(string? lastEventId = null) => new(await GetAsync(await TokenAsync(), lastEventId));

    public async Task<UserSession> SessionAsync(User? person = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var user = person ?? new User { Id = id, UserName = $"{id:N}", NormalizedUserName = $"{id:N}".ToUpperInvariant(), SecurityStamp = "stamp" };
        var session = new UserSession
        {
            Id = Guid.CreateVersion7(now), Sid = SessionCookie.NewSid(), CookieHash = SessionCookie.Hash(SessionCookie.NewValue())!, UserId = user.Id,
            CreatedAt = now, AuthenticatedAt = now, Amr = "pwd", LastSeenAt = now, ExpiresAt = now.AddHours(1), AbsoluteExpiresAt = now.AddHours(24),
            IdleTimeout = TimeSpan.FromHours(1), AbsoluteTimeout = TimeSpan.FromHours(24), Remembered = false,
        };
        await DataAsync(async db =>
        {
            db.AddRange(person is null ? [user, session] : [session]);
            return await db.SaveChangesAsync();
        });
        return session;
    }

    public Task<Ended> EndAsync(UserSession session) =>
        ActAsync<SessionRevoker, Ended>(revoker => revoker.EndSessionAsync(session.Id, RevocationReason.SignedOut, Initiator.System));

    public Task<T> DataAsync<T>(Func<HubDb, Task<T>> ask) => ActAsync(ask);

    public async Task<T> ActAsync<TService, T>(Func<TService, Task<T>> act) where TService : notnull
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
