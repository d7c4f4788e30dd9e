using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.RevokedTokens;

/// <summary>
/// Two hub nodes on PostgreSQL and RabbitMQ, and the sample API as a process, which knows the hub by an address in front of
/// both: what stands there can refuse it, or lead it to the other node.
/// </summary>
public sealed class FeedInstallation(SharedServers servers) : IAsyncLifetime
{
    private const string Audience = "https://api.example.com";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseCookies = false });

    private readonly TemporaryFolder _folder = new();
    private readonly Uri _api = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePorts.Next()}"));
    private ChildProcess? _process;
    private InsideHub? _inside;

    internal TcpProxy Front { get; private set; } = null!;

    internal List<HubProcess> Nodes { get; } = [];

    internal RelyingPartySettings Notes { get; } = new("notes", new Uri("http://localhost:1/callback")) { Audiences = [Audience] };

    public async ValueTask InitializeAsync()
    {
        var port = FreePorts.Next();
        Front = TcpProxy.Start(port);
        var reader = new RelyingPartySettings("protected-api", new Uri("http://localhost:1/unused")) { GrantTypes = ["client_credentials"], Scopes = ["revocation_feed"] };
        var settings = new HubSettings
        {
            Port = port,
            Issuer = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{Front.Port}")),
            Postgres = await (await servers.PostgresAsync()).CreateDatabaseAsync(),
            RabbitMq = await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(),
            DataFolder = _folder.Path,
            RelyingParties = [Notes, reader],
            More = new Dictionary<string, string?> { ["BackChannelLogout__LogoutWait"] = "00:00:00" },
        };
        Nodes.Add(await HubProcess.StartAsync(settings));
        Nodes.Add(await HubProcess.StartAsync(settings with { Port = FreePorts.Next() }));
        _inside = new InsideHub(settings);
        _process = ChildProcess.Start(Launch.Dotnet(Processes.Built("ProtectedApi.dll")) with
        {
            Environment = new Dictionary<string, string?>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = _api.GetLeftPart(UriPartial.Authority),
                ["Hub__Authority"] = settings.Issuer.AbsoluteUri.TrimEnd('/'),
                ["Hub__Audience"] = Audience,
                ["Hub__RevokedTokens__ClientId"] = reader.ClientId,
                ["Hub__RevokedTokens__ClientSecret"] = reader.ClientSecret,
            },
        });
        await _process.WaitForUrlAsync(new Uri(_api, "/health"), TimeSpan.FromSeconds(60));
    }

    /// <summary>People who are signed in at Notes, each with an access token that the API takes.</summary>
    internal async Task<List<Caller>> CallersAsync(int count)
    {
        var now = TimeProvider.System.GetUtcNow();
        List<object> rows = [];
        List<(HubDriver Browser, UserSession Session)> signedIn = [];
        for (var number = 0; number < count; number++)
        {
            var (person, cookie, node) = (RaceHub.Person(now, "no password"), SessionCookie.NewValue(), Nodes[number % Nodes.Count]);
            var (session, browser) = (RaceHub.Session(now, person.Id, cookie), new HubDriver(node.Address));
            browser.Cookies.Set("hub", cookie);
            rows.AddRange([person, session]);
            signedIn.Add((browser, session));
        }

        await _inside!.AddAsync(rows);
        List<Caller> callers = [];
        foreach (var (browser, session) in signedIn)
        {
            callers.Add(new Caller(browser, session.Id, await browser.EnterAsync(Notes)));
            Assert.Equal(HttpStatusCode.OK, await CallAsync(callers[^1]));
        }

        return callers;
    }

    internal async Task<HttpStatusCode> CallAsync(Caller caller)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_api, "/me"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", caller.Tokens.AccessToken);
        using var answer = await Http.SendAsync(request);
        return answer.StatusCode;
    }

    internal Task<DateTimeOffset?> EndedAtAsync(Caller caller) => _inside!.AskAsync(async db => (await db.Set<UserSession>().FindAsync(caller.SessionId))!.EndedAt);

    public async ValueTask DisposeAsync()
    {
        IAsyncDisposable?[] parts = [_process, _inside, .. Nodes, Front];
        foreach (var part in parts)
        {
            await (part?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        _folder.Dispose();
    }

    internal sealed record Caller(HubDriver Browser, Guid SessionId, Tokens Tokens)
    {
        public Task EndAsync() => Browser.EndSessionAsync(idTokenHint: Tokens.IdToken);

        /// <summary>At another node than before.</summary>
        public Task EndAsync(HubProcess node) => Browser.At(node.Address).EndSessionAsync(idTokenHint: Tokens.IdToken);
    }

    // What is measured is a second: nothing else of this program runs beside.
    [CollectionDefinition(DisableParallelization = true)]
    public sealed class Alone : ICollectionFixture<FeedInstallation>;
}
