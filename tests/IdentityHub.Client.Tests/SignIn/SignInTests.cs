using System.Net;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Tests.Testing;
using Microsoft.AspNetCore.WebUtilities;

namespace IdentityHub.Client.Tests.SignIn;

/// <summary>The way to the provider and back.</summary>
public sealed class SignInTests
{
    [Fact]
    public async Task The_request_carries_PKCE_state_and_nonce()
    {
        await using var app = await Application.StartAsync();
        using var browser = new Browser(app.Url, follow: false);

        var answer = await browser.GetAsync("/sign-in");
        var query = QueryHelpers.ParseQuery(answer.Headers.Location!.Query);

        Assert.DoesNotContain(query.Keys, name => name.StartsWith("x-client", StringComparison.Ordinal));
        Assert.Equal("code", query["response_type"]);
        Assert.Equal("S256", query["code_challenge_method"]);
        Assert.Equal(43, query["code_challenge"].ToString().Length);
        Assert.NotEmpty(query["state"].ToString());
        Assert.NotEmpty(query["nonce"].ToString());
        Assert.Equal("openid profile email", query["scope"]);
        Assert.Equal(new Uri(app.Url, "/signin-oidc").ToString(), query["redirect_uri"]);
    }

    [Theory]
    [InlineData("/sign-in?returnUrl=/private", "/private")]
    [InlineData("/sign-in?returnUrl=/private%3Fa%3D1", "/private?a=1")]
    [InlineData("/sign-in", "/")]
    [InlineData("/sign-in?returnUrl=//evil.example", "/")]
    [InlineData("/sign-in?returnUrl=/%5Cevil.example", "/")]
    [InlineData("/sign-in?returnUrl=https:evil.example", "/")]
    [InlineData("/sign-in?returnUrl=https://evil.example/", "/")]
    [InlineData("/sign-in?returnUrl=javascript:alert(1)", "/")]
    [InlineData("/private?x=1", "/private?x=1")]
    public async Task The_browser_comes_back_to_a_path_of_ours(string start, string end)
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();

        var answer = await browser.GetAsync(start);
        Assert.Equal(end, answer.RequestMessage!.RequestUri!.PathAndQuery);
        Assert.True(await browser.IsSignedInAsync());

        // The same address once more, signed in.
        answer = await browser.GetAsync(start);
        Assert.Equal(app.Url.Authority, answer.RequestMessage!.RequestUri!.Authority);
        Assert.Equal(end, answer.RequestMessage.RequestUri.PathAndQuery);
    }

    [Fact]
    public async Task A_form_posted_after_the_session_ended_leads_home_after_signing_in()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));
        app.Provider.NextSid = "s2";

        var answer = await browser.PostFormAsync("/private", ("amount", "1"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("/", answer.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Theory] // RFC 9207 §2.4
    [InlineData(true, null)]
    [InlineData(true, "https://elsewhere.example")]
    [InlineData(false, "https://elsewhere.example")]
    public async Task A_response_of_another_issuer_is_refused(bool saysItSends, string? iss)
    {
        await using var app = await Application.StartAsync();
        (app.Provider.SaysItSendsIssuer, app.Provider.ResponseIssuer) = (saysItSends, iss);
        using var browser = app.NewBrowser();

        await AssertPage(await browser.GetAsync("/private"), HttpStatusCode.BadRequest, "sign-in-failed");
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_provider_that_does_not_send_iss_is_accepted_without()
    {
        await using var app = await Application.StartAsync();
        (app.Provider.SaysItSendsIssuer, app.Provider.ResponseIssuer) = (false, null);

        using var browser = await app.SignInAsync("ada", "s1");

        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("nonce")]
    [InlineData("aud")]
    [InlineData("iss")]
    [InlineData("sub")]
    public async Task An_ID_token_that_is_not_ours_begins_no_session(string claim)
    {
        await using var app = await Application.StartAsync();
        app.Provider.BendIdToken = claims => claims[claim] = "other";
        using var browser = app.NewBrowser();

        await AssertPage(await browser.GetAsync("/private"), HttpStatusCode.BadRequest, "sign-in-failed");
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task The_first_sign_in_after_a_key_rotation_works()
    {
        await using var app = await Application.StartAsync();
        using var before = await app.SignInAsync("ada", "s1");
        app.Time.Advance(ProviderMetadata.LookUpInterval);

        app.Provider.Rotate(publish: true);
        using var after = await app.SignInAsync("ada", "s2");

        Assert.True(await after.IsSignedInAsync());
    }

    [Fact]
    public async Task A_callback_opened_by_hand_shows_a_page_and_no_exception()
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();

        await AssertPage(await browser.GetAsync("/signin-oidc"), HttpStatusCode.BadRequest, "sign-in-failed");
        await AssertPage(await browser.GetAsync("/signin-oidc?code=x&state=y"), HttpStatusCode.BadRequest, "sign-in-failed");
    }

    [Theory]
    [InlineData("access_denied", HttpStatusCode.Forbidden, "sign-in-declined")]
    [InlineData("server_error", HttpStatusCode.BadRequest, "sign-in-failed")]
    public async Task An_error_of_the_provider_shows_a_page(string error, HttpStatusCode status, string id)
    {
        await using var app = await Application.StartAsync();
        app.Provider.AuthorizeError = error;
        using var browser = app.NewBrowser();

        await AssertPage(await browser.GetAsync("/private"), status, id);
    }

    [Theory]
    [InlineData("/private")]
    [InlineData("/sign-in")]
    public async Task A_provider_that_cannot_be_reached_shows_a_page(string start)
    {
        await using var app = await Application.StartAsync();
        app.Provider.Down = true;
        using var browser = app.NewBrowser();

        await AssertPage(await browser.GetAsync(start), HttpStatusCode.ServiceUnavailable, "provider-unavailable");
    }

    private static async Task AssertPage(HttpResponseMessage answer, HttpStatusCode status, string id)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Contains($"id=\"{id}\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
