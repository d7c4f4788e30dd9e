using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityHub.Access;
using IdentityHub.Sessions;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.AspNetCore.WebUtilities;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>
/// A hub with programs of every kind: <c>tool</c> may do everything for itself, <c>reader</c> may look at people, <c>security</c> may end sessions, and
/// <c>registrar</c> may manage applications; <c>console</c> is an application in which administrators sign in.
/// </summary>
public class ApiHub : StartedHub
{
    private const string Secret = "a secret of the tests, known to everybody";
    private const string Callback = "http://127.0.0.1:1/callback";

    private static readonly string[] Scopes = [.. Enum.GetValues<Capability>().Select(c => c.Scope())];

    protected override Task<string[]> SettingsAsync() => Task.FromResult<string[]>(
    [
        .. Client(1, "tool", "client_credentials", Scopes),
        .. Client(2, "reader", "client_credentials", [Capability.ReadPeople.Scope()]),
        .. Client(3, "console", "authorization_code", Scopes),
        $"--RelyingParties:3:RedirectUris:0={Callback}", "--RelyingParties:3:GrantTypes:1=refresh_token", $"--RelyingParties:3:Scopes:{Scopes.Length}=offline_access",
        .. Client(4, "security", "client_credentials", [Capability.EndSessions.Scope()]),
        .. Client(5, "registrar", "client_credentials", [Capability.ManageRelyingParties.Scope()]),
        "--Api:RefusedPerMinute=10000",
    ]);

    internal static string EveryScope => string.Join(' ', Scopes);

    /// <summary>A token of the application's own.</summary>
    internal async Task<ApiTester> AsAsync(string client, string? scope = null) => new(this, await TokenAsync(new()
    {
        ["grant_type"] = "client_credentials", ["client_id"] = client, ["client_secret"] = Secret, ["scope"] = scope ?? client switch { "tool" => EveryScope, "security" => Capability.EndSessions.Scope(), "registrar" => Capability.ManageRelyingParties.Scope(), _ => Capability.ReadPeople.Scope() },
    }));

    internal ApiTester AsNobody() => new(this, null);

    /// <summary>A token of whoever is signed in in this browser.</summary>
    internal async Task<ApiTester> AsAsync(Visitor browser, string? scope = null)
    {
        var verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        var answer = await browser.GetAsync(QueryHelpers.AddQueryString("/authorize", new Dictionary<string, string?>
        {
            ["client_id"] = "console", ["redirect_uri"] = Callback, ["response_type"] = "code", ["scope"] = $"openid {scope ?? EveryScope}",
            ["code_challenge"] = WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier))), ["code_challenge_method"] = "S256",
        }));
        if (answer.Location is null)
        {
            // offline_access is asked for.
            var allowed = await browser.PostAsync("/consent", ("__RequestVerificationToken", answer.FormToken!), ("question", answer.ValueOf("question")), ("decision", "allow"));
            answer = await browser.GetAsync(allowed.Location!);
        }

        var code = QueryHelpers.ParseQuery(new Uri(answer.Location!).Query)["code"].ToString();
        return new(this, await TokenAsync(new()
        {
            ["grant_type"] = "authorization_code", ["client_id"] = "console", ["client_secret"] = Secret, ["redirect_uri"] = Callback, ["code"] = code, ["code_verifier"] = verifier,
        }));
    }

    /// <summary>A live session of the person, out of nothing.</summary>
    internal async Task<UserSession> SessionAsync(User person)
    {
        var now = Clock.GetUtcNow();
        var session = new UserSession
        {
            Id = Guid.CreateVersion7(now), Sid = SessionCookie.NewSid(), CookieHash = SessionCookie.Hash(SessionCookie.NewValue())!, UserId = person.Id,
            CreatedAt = now, AuthenticatedAt = now, Amr = "pwd", LastSeenAt = now, ExpiresAt = now.AddHours(1), AbsoluteExpiresAt = now.AddHours(24),
            IdleTimeout = TimeSpan.FromHours(1), AbsoluteTimeout = TimeSpan.FromHours(24), Remembered = false,
        };
        await DataAsync(db =>
        {
            db.Add(session);
            return db.SaveChangesAsync();
        });
        return session;
    }

    private async Task<string> TokenAsync(Dictionary<string, string> request)
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = Address };
        using var answer = await http.PostAsync("/token", new FormUrlEncodedContent(request));
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        return (string?)json["access_token"] ?? throw new InvalidOperationException(json.ToJsonString());
    }

    private static string[] Client(int number, string id, string grant, string[] scopes) =>
    [
        $"--RelyingParties:{number}:ClientId={id}", $"--RelyingParties:{number}:ClientSecret={Secret}", $"--RelyingParties:{number}:GrantTypes:0={grant}",
        .. scopes.Select((scope, i) => $"--RelyingParties:{number}:Scopes:{i}={scope}"),
    ];
}

/// <summary>The same on PostgreSQL.</summary>
public sealed class ApiHubOnPostgres(SharedServers servers) : ApiHub
{
    protected override async Task<string[]> SettingsAsync() =>
        [.. await base.SettingsAsync(), "--Database:Provider=Postgres", $"--ConnectionStrings:Database={await (await servers.PostgresAsync()).CreateDatabaseAsync()}"];
}

/// <summary>Asks the API as whoever has the token.</summary>
internal sealed class ApiTester(StartedHub hub, string? token) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = hub.Address, Timeout = TimeSpan.FromSeconds(60) };

    public string? Token => token;

    public Task<ApiAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ApiAnswer> PostAsync(string path, object? body = null, string? key = null) => SendAsync(HttpMethod.Post, path, body, key);

    /// <param name="method">How.</param>
    /// <param name="path">Below <c>/api/v1</c>, or from the root where it begins so.</param>
    /// <param name="body">Text as it is; anything else as JSON.</param>
    /// <param name="key">The <c>Idempotency-Key</c>.</param>
    /// <param name="contentType">Of the body.</param>
    public async Task<ApiAnswer> SendAsync(HttpMethod method, string path, object? body = null, string? key = null, string contentType = "application/json")
    {
        using var request = new HttpRequestMessage(method, path.StartsWith("/global", StringComparison.Ordinal) ? path : $"/api/v1{path}");
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        }

        request.Content = body is null ? null : new StringContent(body as string ?? JsonSerializer.Serialize(body, JsonSerializerOptions.Web), Encoding.UTF8, contentType);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new(response.StatusCode, text, response.Headers.WwwAuthenticate.ToString(), response.Content.Headers.ContentType?.MediaType, response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value)));
    }

    public void Dispose() => _http.Dispose();
}

internal sealed record ApiAnswer(HttpStatusCode Status, string Text, string Challenge, string? ContentType, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text) ?? throw new InvalidOperationException("Nothing was answered.");

    /// <summary>The members that the problem names.</summary>
    public IEnumerable<string> Members => Json["errors"]!.AsObject().Select(e => e.Key);

    public ApiAnswer Is(HttpStatusCode expected)
    {
        Assert.True(Status == expected, $"{(int)Status}: {Text}");
        return this;
    }
}
