using System.Text.Json.Nodes;
using IdentityHub.Client.Sessions;
using IdentityHub.Client.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IdentityHub.Client.Tests.Startup;

/// <summary>
/// Every way to configure it wrongly that is not a single option (those are in <see cref="IdentityHubOptionsRulesTests"/>)
/// tells its fix: before the start, at the start, or in the log of the sign-in that fails.
/// </summary>
public sealed class MisconfigurationTests
{
    [Fact]
    public void Adding_it_twice_is_named()
    {
        var services = new ServiceCollection().AddIdentityHub(_ => { });

        Assert.Contains("AddIdentityHub was called twice", Assert.Throws<InvalidOperationException>(() => services.AddIdentityHub(_ => { })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mapping_without_adding_is_named()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("add builder.Services.AddIdentityHub", Assert.Throws<InvalidOperationException>(() => app.MapIdentityHub()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_without_mapping_does_not_start()
    {
        await using var app = New(_ => { });

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("add app.MapIdentityHub()", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_lacks_what_it_needs_does_not_start()
    {
        await using var app = New(services => services.AddSingleton<ISessionStore, DistributedSessionStore>());
        app.MapIdentityHub();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("The session store cannot be made:", failure.Message, StringComparison.Ordinal);
        Assert.Contains("AddStackExchangeRedisCache", failure.Message, StringComparison.Ordinal);
    }

    private static readonly Dictionary<string, Action<FakeProvider>> AtTheProvider = new()
    {
        { "does not accept ClientId and ClientSecret", p => p.TokenError = "invalid_client" },
        { "does not let this client use the authorization code flow", p => p.TokenError = "unauthorized_client" },
        { "did not take the authorization code", p => p.TokenError = "invalid_grant" },
        { "does not grant one of Scopes", p => p.AuthorizeError = "invalid_scope" },
        { "does not let this client use response type code", p => p.AuthorizeError = "unsupported_response_type" },
        { "app.UseForwardedHeaders()", p => p.AuthorizeError = "invalid_request" },
        { "cannot serve sign-ins right now", p => p.AuthorizeError = "temporarily_unavailable" },
        { "set SigningAlgorithm to the client's registered", p => p.IdTokenAlgorithm = "ES256" },
        { "is of another issuer than Authority", p => p.BendIdToken = c => c["iss"] = "https://elsewhere.example" },
        { "is for another client than ClientId", p => p.BendIdToken = c => c["aud"] = "another" },
        { "compare the clocks of provider and application", p => p.BendIdToken = c => (c["iat"], c["exp"]) = (1000, 2000) },
        { "signed by none of the provider's published keys", p => p.Rotate(publish: false) },
        { "repeats no nonce of this browser", p => p.BendIdToken = c => c["nonce"] = "another" },
        { "endpoint cannot be reached from this application", p => p.BendMetadata = m => m["token_endpoint"] = "http://127.0.0.1:1/token" },
    };

    public static TheoryData<string> MeaningsAtTheProvider => [.. AtTheProvider.Keys];

    [Theory]
    [MemberData(nameof(MeaningsAtTheProvider))]
    public async Task What_fails_at_the_provider_is_explained_in_the_log(string meaning)
    {
        await using var app = await Application.StartAsync();
        AtTheProvider[meaning](app.Provider);
        using var browser = app.NewBrowser();

        await browser.GetAsync("/private");

        var line = Assert.Single(app.Log.Lines, l => l.Contains("A sign-in did not complete.", StringComparison.Ordinal));
        Assert.Contains(meaning, line.Split('\n')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/signin-oidc", "the callback was opened by hand, or")]
    [InlineData("/signin-oidc?iss=https://elsewhere.example", "The response is another provider's")]
    [InlineData("/signin-oidc?iss={iss}", "The callback was opened without a response of the provider")]
    [InlineData("/signin-oidc?code=x&state=y&iss={iss}", "all nodes must share the Data Protection keys")]
    public async Task What_fails_at_the_callback_is_explained_in_the_log(string path, string meaning)
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();

        await browser.GetAsync(path.Replace("{iss}", app.Provider.Issuer, StringComparison.Ordinal));

        Assert.Contains(meaning, Assert.Single(app.Log.Lines).Split('\n')[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callback_in_another_browser_is_explained_in_the_log()
    {
        await using var app = await Application.StartAsync();
        using var browser = new Browser(app.Url, follow: false);
        var toProvider = (await browser.GetAsync("/sign-in")).Headers.Location;
        using var other = app.NewBrowser();

        await other.GetAsync(toProvider!.AbsoluteUri);

        Assert.Contains(app.Log.Lines, l => l.Contains("did not bring the cookie that this sign-in began with", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_proxy_that_is_not_believed_is_named_in_the_log()
    {
        await using var app = await Application.StartAsync();
        using var browser = new Browser(app.Url, follow: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/sign-in") { Headers = { { "X-Forwarded-Proto", "https" } } };

        await browser.SendAsync(request);

        Assert.Contains("Add app.UseForwardedHeaders() first", Assert.Single(app.Log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_provider_under_another_name_is_named_in_the_log()
    {
        await using var app = await Application.StartAsync();
        app.Provider.BendMetadata = m => m["issuer"] = JsonValue.Create("https://elsewhere.example");
        using var browser = app.NewBrowser();

        await browser.GetAsync("/sign-in");

        Assert.Contains("names the issuer 'https://elsewhere.example', but Authority is", Assert.Single(app.Log.Lines), StringComparison.Ordinal);
    }

    private static WebApplication New(Action<IServiceCollection> more)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddIdentityHub(o => (o.Authority, o.ClientId) = ("https://id.example", "app"));
        more(builder.Services);
        return builder.Build();
    }
}
