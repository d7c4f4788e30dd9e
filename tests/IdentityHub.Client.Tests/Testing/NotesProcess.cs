using System.Globalization;
using System.Net;
using System.Reflection;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Client.Tests.Testing;

/// <summary>The sample <c>Notes</c> as a process, by itself or with a <see cref="FakeProvider"/> on the machine's own clock.</summary>
internal sealed class NotesProcess : IAsyncDisposable
{
    public const string ClientSecret = "secret";

    private static readonly string Assembly = typeof(NotesProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == "Notes.dll").Value!;

    private NotesProcess(FakeProvider provider, ChildProcess process, Uri url) => (Provider, Process, Url) = (provider, process, url);

    public FakeProvider Provider { get; }

    public ChildProcess Process { get; }

    public Uri Url { get; }

    /// <param name="settings">More of its environment, such as <c>Hub__SigningAlgorithm</c>.</param>
    public static async Task<NotesProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var provider = await FakeProvider.StartAsync(TimeProvider.System);
        var (process, url) = await StartAsync(FreePorts.Next(), provider.Issuer, Application.ClientId, [("Hub__CookieName", Application.Cookie), .. settings]);
        return new NotesProcess(provider, process, url);
    }

    /// <summary>Only the application, for a provider of the caller's.</summary>
    public static async Task<(ChildProcess Process, Uri Url)> StartAsync(int port, string issuer, string clientId, params (string Name, string Value)[] settings)
    {
        var url = Address(port);
        var environment = new Dictionary<string, string?>
        {
            ["ASPNETCORE_URLS"] = url.AbsoluteUri,
            ["Hub__Authority"] = issuer,
            ["Hub__ClientId"] = clientId,
            ["Hub__ClientSecret"] = ClientSecret,
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        var process = ChildProcess.Start(Launch.Dotnet(Assembly) with { Environment = environment });
        await process.WaitForUrlAsync(url, TimeSpan.FromSeconds(60));
        return (process, url);
    }

    /// <summary>Runs one of its commands to its end.</summary>
    public static Task RunAsync(string command, params (string Name, string Value)[] settings) =>
        ChildProcess.RunAsync(Launch.Dotnet(Assembly, command) with { Environment = settings.ToDictionary(s => s.Name, s => (string?)s.Value) });

    public static Uri Address(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));

    public Browser NewBrowser() => new(Url, privatePage: "/me");

    /// <summary>Signs a person in and returns the browser.</summary>
    public async Task<Browser> SignInAsync(string sub, string? sid)
    {
        (Provider.NextSubject, Provider.NextSid) = (sub, sid);
        var browser = NewBrowser();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/dashboard")).StatusCode);
        Assert.True(await browser.IsSignedInAsync());
        return browser;
    }

    public async Task<HttpResponseMessage> PostLogoutAsync(string token, params (string, string)[] more)
    {
        using var client = NewBrowser();
        return await client.PostFormAsync("/backchannel-logout", [("logout_token", token), .. more]);
    }

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
