using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.BackChannelLogout;

/// <summary>
/// The receiver against the checklist BCL-RP-01…11 (Back-Channel Logout §2.5–2.8) and the eight modules of the OpenID
/// Foundation's Back-Channel RP plan, over real HTTP.
/// </summary>
public sealed class ReceiverTests
{
    [Fact] // oidcc-client-test-rp-backchannel-rpinitlogout; BCL-RP-05, 07, 08
    public async Task A_valid_token_ends_the_session_and_extras_are_ignored()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        var claims = app.Provider.LogoutClaims(sid: "s1");
        claims["extra"] = new JsonObject { ["nested"] = true };

        var answer = await app.PostLogoutAsync(app.Provider.Sign(claims, "logout+jwt"), ("extra", "foobar"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(0, answer.Content.Headers.ContentLength);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.False(await browser.IsSignedInAsync());
    }

    public static TheoryData<string, Action<JsonObject>> BentClaims => new()
    {
        { "no-event", c => c.Remove("events") },
        { "wrong-event", c => c["events"] = new JsonObject { ["http://schemas.openid.net/event/foobar"] = new JsonObject() } },
        { "event member is no object", c => c["events"] = new JsonObject { ["http://schemas.openid.net/event/backchannel-logout"] = true } },
        { "events is no object", c => c["events"] = new JsonArray("http://schemas.openid.net/event/backchannel-logout") },
        { "with-nonce", c => c["nonce"] = "n" },
        { "nonce is null", c => c["nonce"] = null },
        { "wrong-aud", c => c["aud"] = "appINVALID" },
        { "no aud", c => c.Remove("aud") },
        { "another audience too", c => c["aud"] = new JsonArray("app", "other") },
        { "wrong-iss", c => c["iss"] = "https://elsewhere.example" },
        { "no iss", c => c.Remove("iss") },
        { "no exp", c => c.Remove("exp") },
        { "exp is text", c => c["exp"] = "4102444800" },
        { "expired", c => c["exp"] = c["iat"]!.GetValue<long>() - 31 },
        { "no iat", c => c.Remove("iat") },
        { "iat in the future", c => c["iat"] = c["iat"]!.GetValue<long>() + 60 },
        { "not valid yet", c => c["nbf"] = c["iat"]!.GetValue<long>() + 60 },
        { "neither sub nor sid", c => c.Remove("sid") },
        { "empty sid", c => c["sid"] = "" },
        { "sid is a number", c => c["sid"] = 1 },
        { "empty sub beside sid", c => c["sub"] = "" },
        { "no jti", c => c.Remove("jti") },
    };

    [Theory] // BCL-RP-01, 03, 06
    [MemberData(nameof(BentClaims))]
    public async Task A_token_with_wrong_claims_is_refused_with_400_and_ends_nothing(string what, Action<JsonObject> bend)
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        var claims = app.Provider.LogoutClaims(sid: "s1");
        bend(claims);

        var answer = await app.PostLogoutAsync(app.Provider.Sign(claims, "logout+jwt"));

        await AssertRefused(answer, what);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory] // BCL-RP-10
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    [InlineData("secevent+jwt")]
    public async Task An_untyped_token_is_refused_by_default(string? typ)
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        var answer = await app.PostLogoutAsync(app.Provider.Sign(app.Provider.LogoutClaims(sid: "s1"), typ));

        await AssertRefused(answer, typ ?? "no typ");
        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("JWT", true)]
    [InlineData("logout+jwt", true)]
    [InlineData("application/logout+jwt", true)]
    [InlineData("at+jwt", false)]
    public async Task The_switch_lets_untyped_tokens_in_and_no_other_type(string? typ, bool accepted)
    {
        await using var app = await Application.StartAsync(o => o.RequireLogoutTokenType = false);
        using var browser = await app.SignInAsync("ada", "s1");

        await app.PostLogoutAsync(app.Provider.Sign(app.Provider.LogoutClaims(sid: "s1"), typ));

        Assert.Equal(!accepted, await browser.IsSignedInAsync());
    }

    [Fact] // …-alg-none
    public async Task An_unsigned_token_is_refused()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        var header = new JsonObject { ["alg"] = "none", ["typ"] = "logout+jwt" };

        var answer = await app.PostLogoutAsync(Jwt.Sign(header, app.Provider.LogoutClaims(sid: "s1"), Jwt.Unsigned));

        await AssertRefused(answer, "alg none");
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact] // …-wrong-alg
    public async Task Another_algorithm_than_the_registered_one_is_refused_though_the_key_is_published()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        await AssertRefused(await app.PostLogoutAsync(app.Provider.Sign(app.Provider.LogoutClaims(sid: "s1"), "logout+jwt", "ES256")), "ES256");

        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task ES256_is_accepted_where_it_is_registered_and_RS256_is_not()
    {
        await using var app = await Application.StartAsync(o => o.SigningAlgorithm = "ES256");

        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.Sign(app.Provider.LogoutClaims(sid: "s1"), "logout+jwt", "ES256"))).StatusCode);
        await AssertRefused(await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1")), "RS256");
    }

    [Fact]
    public async Task A_token_signed_with_the_public_key_as_an_hmac_secret_is_refused()
    {
        await using var app = await Application.StartAsync();
        var header = new JsonObject { ["alg"] = "HS256", ["kid"] = app.Provider.Key.Kid, ["typ"] = "logout+jwt" };
        var token = Jwt.Sign(header, app.Provider.LogoutClaims(sid: "s1"), Jwt.Hs256(app.Provider.Key.Rsa.ExportRSAPublicKey()));

        await AssertRefused(await app.PostLogoutAsync(token), "HS256");
    }

    [Fact]
    public async Task A_token_signed_by_somebody_else_is_refused()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        using var stranger = new ProviderKey(app.Provider.Key.Kid);
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = stranger.Kid, ["typ"] = "logout+jwt" };

        await AssertRefused(await app.PostLogoutAsync(Jwt.Sign(header, app.Provider.LogoutClaims(sid: "s1"), Jwt.Rs256(stranger.Rsa))), "foreign key");

        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task A_critical_header_that_nobody_understands_is_refused()
    {
        await using var app = await Application.StartAsync();
        var header = new JsonObject { ["alg"] = "RS256", ["kid"] = app.Provider.Key.Kid, ["typ"] = "logout+jwt", ["crit"] = new JsonArray("b64"), ["b64"] = false };

        await AssertRefused(await app.PostLogoutAsync(Jwt.Sign(header, app.Provider.LogoutClaims(sid: "s1"), Jwt.Rs256(app.Provider.Key.Rsa))), "crit");
    }

    [Fact]
    public async Task An_ID_token_is_refused()
    {
        await using var app = await Application.StartAsync(o => o.RequireLogoutTokenType = false);
        using var browser = await app.SignInAsync("ada", "s1");
        var claims = app.Provider.LogoutClaims(sid: "s1", sub: "ada");
        claims.Remove("events");
        claims.Remove("jti");
        claims["nonce"] = "n";

        await AssertRefused(await app.PostLogoutAsync(app.Provider.Sign(claims, "JWT")), "ID token");

        Assert.True(await browser.IsSignedInAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("a.b.c")]
    [InlineData("e30.e30.")]
    [InlineData("eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.AA.AA.AA.AA")] // a JWE; none was registered
    [InlineData("eyJhbGciOiJSUzI1NiIsInR5cCI6ImxvZ291dCtqd3QifQ.W10.AA")] // claims are an array
    public async Task What_is_not_a_signed_JWT_is_refused(string token)
    {
        await using var app = await Application.StartAsync();

        await AssertRefused(await app.PostLogoutAsync(token), token);
    }

    [Fact] // BCL-RP-02
    public async Task A_token_is_accepted_once()
    {
        await using var app = await Application.StartAsync();
        var token = app.Provider.LogoutToken(sid: "s1");

        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(token)).StatusCode);
        await AssertRefused(await app.PostLogoutAsync(token), "replay");
        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"))).StatusCode);
    }

    [Fact] // BCL-RP-04
    public async Task An_unknown_session_is_success_because_it_is_over()
    {
        await using var app = await Application.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "never-seen"))).StatusCode);
    }

    [Fact]
    public async Task A_sid_ends_that_session_and_no_other()
    {
        await using var app = await Application.StartAsync();
        using var a = await app.SignInAsync("ada", "s1");
        using var b = await app.SignInAsync("ada", "s2");

        await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1"));

        Assert.False(await a.IsSignedInAsync());
        Assert.True(await b.IsSignedInAsync());
    }

    [Fact]
    public async Task A_sub_alone_ends_all_sessions_of_that_person_and_nobody_elses()
    {
        await using var app = await Application.StartAsync();
        using var a = await app.SignInAsync("ada", "s1");
        using var b = await app.SignInAsync("ada", null);
        using var other = await app.SignInAsync("grace", "s3");

        await app.PostLogoutAsync(app.Provider.LogoutToken(sub: "ada"));

        Assert.False(await a.IsSignedInAsync());
        Assert.False(await b.IsSignedInAsync());
        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    public async Task Sid_and_sub_together_end_only_the_session()
    {
        await using var app = await Application.StartAsync();
        using var a = await app.SignInAsync("ada", "s1");
        using var b = await app.SignInAsync("ada", "s2");

        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1", sub: "ada"))).StatusCode);

        Assert.False(await a.IsSignedInAsync());
        Assert.True(await b.IsSignedInAsync());
    }

    [Fact]
    public async Task A_sid_of_another_person_is_refused()
    {
        await using var app = await Application.StartAsync();
        using var grace = await app.SignInAsync("grace", "s1");

        await AssertRefused(await app.PostLogoutAsync(app.Provider.LogoutToken(sid: "s1", sub: "ada")), "sid of grace");

        Assert.True(await grace.IsSignedInAsync());
    }

    [Theory] // BCL-RP-11
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Only_POST_is_taken(string method)
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();

        var answer = await browser.SendAsync(new(new HttpMethod(method), $"/backchannel-logout?logout_token={app.Provider.LogoutToken(sid: "s1")}"));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("POST", answer.Content.Headers.Allow.Single());
    }

    [Fact]
    public async Task A_token_in_the_query_or_in_JSON_or_twice_is_refused()
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();
        var token = app.Provider.LogoutToken(sid: "s1");

        await AssertRefused(await browser.PostFormAsync("/backchannel-logout?logout_token=" + token), "query");
        await AssertRefused(await browser.SendAsync(new(HttpMethod.Post, "/backchannel-logout") { Content = JsonContent.Create(new { logout_token = token }) }), "JSON");
        await AssertRefused(await browser.SendAsync(new(HttpMethod.Post, "/backchannel-logout") { Content = new StringContent("logout_token=" + token) }), "text");
        await AssertRefused(await browser.SendAsync(new(HttpMethod.Post, "/backchannel-logout")), "no body");
        await AssertRefused(await app.PostLogoutAsync(token, ("logout_token", token)), "twice");
        Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(token)).StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_beyond_the_bound_is_refused(bool saysItsLength)
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();
        var body = Encoding.ASCII.GetBytes("logout_token=" + new string('a', 64 * 1024));
        HttpContent content = saysItsLength ? new ByteArrayContent(body) : new StreamContent(new UnknownLength(body));
        content.Headers.ContentType = new("application/x-www-form-urlencoded");

        await AssertRefused(await browser.SendAsync(new(HttpMethod.Post, "/backchannel-logout") { Content = content }), "too large");
    }

    [Fact]
    public async Task Neither_cookie_nor_antiforgery_nor_a_fallback_policy_stands_before_it()
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();
        browser.SessionCookie = "not-one-of-ours";
        using var request = new HttpRequestMessage(HttpMethod.Post, "/backchannel-logout")
        {
            Headers = { { "Sec-Fetch-Site", "cross-site" }, { "Origin", "https://provider.example" } },
            Content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", app.Provider.LogoutToken(sid: "s1"))]),
        };

        Assert.Equal(HttpStatusCode.OK, (await browser.SendAsync(request)).StatusCode);
    }

    internal static async Task AssertRefused(HttpResponseMessage answer, string what)
    {
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{what}: {(int)answer.StatusCode}");
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var body = await answer.Content.ReadFromJsonAsync<JsonObject>(TestContext.Current.CancellationToken);
        Assert.Equal("invalid_request", body!["error"]!.GetValue<string>());
        Assert.NotEmpty(body["error_description"]!.GetValue<string>());
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
