using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using IdentityHub.Client.Tests.Testing;
using IdentityHub.Tests.Testing;

namespace IdentityHub.Client.Tests.Receivers;

/// <summary>An application of any make at <see cref="FakeProvider"/>, as its provider and a thief see it.</summary>
internal sealed class ReceiverUnderTest : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly ChildProcess _process;
    private readonly TemporaryFolder? _folder;
    private readonly Uri _url;
    private readonly Uri _backChannel;
    private readonly HttpClient _provider = new(new SocketsHttpHandler { UseCookies = false, UseProxy = false });

    private ReceiverUnderTest(ChildProcess process, Uri url, string backChannel, TemporaryFolder? folder = null) =>
        (_process, _url, _backChannel, _folder) = (process, url, new Uri(url, backChannel), folder);

    public static async Task<ReceiverUnderTest> DotnetAsync(string issuer)
    {
        var (process, url) = await NotesProcess.StartAsync(FreePorts.Next(), issuer, Application.ClientId);
        return new(process, url, "/backchannel-logout");
    }

    public static async Task<ReceiverUnderTest> ExpressAsync(string issuer)
    {
        var port = FreePorts.Next();
        var process = ChildProcess.Start(OtherSamples.Express(port, issuer, Application.ClientId, "secret", Secret()));
        await process.WaitForUrlAsync(Localhost(port), StartLimit);
        return new(process, Localhost(port), "/backchannel-logout");
    }

    public static async Task<ReceiverUnderTest> ApacheAsync(string issuer)
    {
        var (port, folder) = (FreePorts.Next(), new TemporaryFolder());
        var process = ChildProcess.Start(await OtherSamples.ApacheAsync(folder, port, issuer, Application.ClientId, "secret", Secret()));
        await process.WaitForUrlAsync(Localhost(port), StartLimit);
        return new(process, Localhost(port), "/oidc?logout=backchannel", folder);
    }

    /// <summary>Signs in and returns a copy of the cookies, as a thief would take it.</summary>
    public async Task<string> SignInAsync()
    {
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, UseProxy = false });
        browser.DefaultRequestHeaders.Add("Accept", "text/html"); // mod_auth_openidc takes what does not ask for a page for a script
        using var answer = await browser.GetAsync(new Uri(_url, "/dashboard"));
        Assert.True(answer.IsSuccessStatusCode, $"{answer.RequestMessage!.RequestUri} answered {answer}: {await answer.Content.ReadAsStringAsync()}");
        return cookies.GetCookieHeader(_url);
    }

    public async Task<bool> KnowsAsync(string cookies)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_url, "/me"));
        request.Headers.TryAddWithoutValidation("Cookie", cookies); // none where no session began
        using var answer = await _provider.SendAsync(request);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Unauthorized });
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public async Task<int> PostAsync(string token)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", token)]);
        using var answer = await _provider.PostAsync(_backChannel, form);
        return (int)answer.StatusCode;
    }

    public async ValueTask DisposeAsync()
    {
        _provider.Dispose();
        await _process.DisposeAsync();
        _folder?.Dispose();
    }

    private static Uri Localhost(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}/"));

    private static string Secret() => RandomNumberGenerator.GetHexString(64, lowercase: true);
}
