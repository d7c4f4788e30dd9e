using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>One of the applications of <c>clients/samples</c>, as a process.</summary>
internal sealed class SampleApplication : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Func<Uri, Task<Launch>> _launch;
    private readonly TemporaryFolder? _folder;
    private ChildProcess? _process;

    private SampleApplication(int port, RelyingPartySettings settings, Func<Uri, Launch> launch)
        : this(port, settings, hub => Task.FromResult(launch(hub)), null)
    {
    }

    private SampleApplication(int port, RelyingPartySettings settings, Func<Uri, Task<Launch>> launch, TemporaryFolder? folder)
    {
        Address = AddressOf(port);
        Settings = settings;
        _launch = launch;
        _folder = folder;
    }

    public Uri Address { get; }

    /// <summary>For <see cref="HubSettings.RelyingParties"/>.</summary>
    public RelyingPartySettings Settings { get; }

    /// <summary>The page that only a signed-in person sees.</summary>
    public Uri Dashboard => new(Address, "/dashboard");

    /// <summary>Notes or Bank.</summary>
    public static SampleApplication Dotnet(string name)
    {
        var (port, secret) = (FreePorts.Next(), NewSecret());
        var settings = Declared(name, secret, port, "/signin-oidc", "/signout-callback-oidc");
        return new SampleApplication(port, settings, hub => Launch.Dotnet(Processes.Built(name + ".dll")) with
        {
            Environment = new Dictionary<string, string?>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = Origin(port),
                ["Hub__Authority"] = hub.AbsoluteUri.TrimEnd('/'),
                ["Hub__ClientId"] = settings.ClientId,
                ["Hub__ClientSecret"] = secret,
                ["Sample__ShowTokens"] = "true",
            },
        });
    }

    /// <summary>The Node application on <c>express-openid-connect</c>.</summary>
    public static SampleApplication Express()
    {
        var (port, secret) = (FreePorts.Next(), NewSecret());
        var settings = Declared("Express", secret, port, "/callback", "");
        return new SampleApplication(port, settings, hub =>
        {
            var launch = OtherSamples.Express(port, hub.AbsoluteUri.TrimEnd('/'), settings.ClientId, secret, NewSecret());
            return launch with { Environment = new Dictionary<string, string?>(launch.Environment) { ["SHOW_TOKENS"] = "true" } };
        });
    }

    /// <summary>Apache with mod_auth_openidc. It hands its tokens to nobody.</summary>
    public static SampleApplication Apache()
    {
        var (port, secret, folder) = (FreePorts.Next(), NewSecret(), new TemporaryFolder());
        var settings = Declared("Apache", secret, port, "/oidc", "/") with { BackChannelLogoutUri = new Uri(AddressOf(port), "/oidc?logout=backchannel") };
        return new SampleApplication(
            port, settings, hub => OtherSamples.ApacheAsync(folder, port, hub.AbsoluteUri.TrimEnd('/'), settings.ClientId, secret, NewSecret()), folder);
    }

    public async Task StartAsync(Uri hub)
    {
        _process = ChildProcess.Start(await _launch(hub));
        await _process.WaitForUrlAsync(Address, StartLimit);
    }

    /// <summary>Whether <c>/me</c> takes the cookies for a signed-in person's: 200, or 401.</summary>
    public async Task<bool> KnowsAsync(CookieJar cookies)
    {
        using var answer = await GetAsync("/me", cookies);
        return answer.StatusCode switch
        {
            HttpStatusCode.OK => true,
            HttpStatusCode.Unauthorized => false,
            var other => throw new InvalidOperationException($"{Settings.ClientId} answered {(int)other} at /me."),
        };
    }

    /// <summary>The tokens that the application keeps in the session of these cookies.</summary>
    public async Task<Tokens> TokensAsync(CookieJar cookies)
    {
        using var answer = await GetAsync("/tokens", cookies);
        var json = JsonNode.Parse(await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync())!;
        return new Tokens((string)json["access_token"]!, (string?)json["refresh_token"], (string?)json["id_token"]);
    }

    public async ValueTask DisposeAsync()
    {
        await (_process?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder?.Dispose();
    }

    public override string ToString() => Settings.ClientId;

    private async Task<HttpResponseMessage> GetAsync(string path, CookieJar cookies)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        cookies.ApplyTo(request.Headers);
        return await HubPages.SendAsync(request);
    }

    private static RelyingPartySettings Declared(string name, string secret, int port, string callback, string signedOut) =>
        new(name, new Uri(AddressOf(port), callback))
        {
            ClientSecret = secret,
            // Compared exactly: express-openid-connect sends its own address without a slash at the end.
            PostLogoutRedirectUris = [signedOut.Length > 0 ? new Uri(AddressOf(port), signedOut) : AddressOf(port)],
            BackChannelLogoutUri = new Uri(AddressOf(port), "/backchannel-logout"),
            BackChannelLogoutSessionRequired = true,
        };

    private static Uri AddressOf(int port) => new(Origin(port));

    private static string Origin(int port) => string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");

    private static string NewSecret() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
