using System.Net;
using IdentityHub.Client.Tests.Testing;
using Microsoft.IdentityModel.JsonWebTokens;

namespace IdentityHub.Client.Tests.SignOut;

/// <summary>Signing out here and at the provider (RP-Initiated Logout 1.0).</summary>
public sealed class SignOutTests
{
    [Fact]
    public async Task It_ends_the_session_and_asks_the_provider_with_hint_uri_and_state()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        using var thief = app.NewBrowser();
        thief.SessionCookie = browser.SessionCookie;

        var answer = await browser.SignOutAsync();

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(new Uri(app.Url, "/"), answer.RequestMessage!.RequestUri);
        Assert.Null(browser.SessionCookie);
        Assert.False(await thief.IsSignedInAsync());
        var request = Assert.Single(app.Provider.EndSessionRequests);
        Assert.Equal("s1", new JsonWebToken(request["id_token_hint"]).GetPayloadValue<string>("sid"));
        Assert.Equal(new Uri(app.Url, "/signout-callback-oidc").ToString(), request["post_logout_redirect_uri"]);
        Assert.NotEmpty(request["state"].ToString());
    }

    [Fact]
    public async Task The_answer_is_uncached_and_clears_what_was()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        using var stopping = new Browser(app.Url, follow: false) { SessionCookie = browser.SessionCookie };

        var answer = await stopping.SignOutAsync();

        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("\"cache\"", answer.Headers.GetValues("Clear-Site-Data").Single());
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("none")]
    public async Task Another_origin_cannot_sign_anybody_out(string site)
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.SignOutAsync(site)).StatusCode);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Without_fetch_metadata_the_Origin_decides()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.PostFormAsync("/sign-out")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostFrom("http://127.0.0.1:1")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostFrom("null")).StatusCode);
        Assert.True(await browser.IsSignedInAsync());
        Assert.Equal(HttpStatusCode.OK, (await PostFrom(app.Url.GetLeftPart(UriPartial.Authority))).StatusCode);
        Assert.False(await browser.IsSignedInAsync());

        Task<HttpResponseMessage> PostFrom(string origin) =>
            browser.SendAsync(new(HttpMethod.Post, "/sign-out") { Headers = { { "Origin", origin } } });
    }

    [Fact]
    public async Task A_link_shows_a_page_with_the_button_and_signs_nobody_out()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        var answer = await browser.GetAsync("/sign-out");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(await browser.IsSignedInAsync());
        Assert.Contains("<form method=\"post\" action=\"/sign-out\"><button id=\"sign-out\">", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.EndsWith($"; form-action 'self' {app.Provider.Issuer}", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact] // two tabs, a double click, a session that the provider ended before
    public async Task Signing_out_twice_leads_home_without_bothering_the_provider()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        await browser.SignOutAsync();

        var answer = await browser.SignOutAsync();

        Assert.Equal(new Uri(app.Url, "/"), answer.RequestMessage!.RequestUri);
        Assert.Single(app.Provider.EndSessionRequests);
    }

    [Theory] // oidcc-client-test-rp-init-logout-other-state, -no-state
    [InlineData("?state=other")]
    [InlineData("")]
    public async Task Coming_back_with_another_state_leads_home(string query)
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();

        var answer = await browser.GetAsync("/signout-callback-oidc" + query);

        Assert.Equal(new Uri(app.Url, "/"), answer.RequestMessage!.RequestUri);
    }
}
