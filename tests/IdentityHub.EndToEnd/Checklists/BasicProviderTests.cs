using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityHub.EndToEnd.Attacks;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary>
/// What the modules of the OpenID Foundation's "Basic OP" plan ask of a provider, as far as it can be asked without the
/// suite. The numbers are those of docs/conformance.md.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class BasicProviderTests(AttackedHub hub)
{
    private RelyingPartySettings Client => hub.Certified;

    [Fact]
    public async Task B_01_03_08_a_code_flow_without_nonce_gives_an_RS256_token_that_says_what_it_must()
    {
        var (visitor, now) = (await hub.VisitorAsync(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var code = await visitor.Wire.CodeAsync(Requests.AuthorizeWithoutPkce(Client));
        var reply = await visitor.Wire.TokenAsync(Requests.Redeem(Client, code, verifier: null));

        var (header, claims) = (Forged.Part((string)reply.Json["id_token"]!, 0), Forged.Part((string)reply.Json["id_token"]!, 1));
        Assert.True(Base64Url.DecodeFromChars(code).Length >= 16);
        Assert.Equal("Bearer", (string?)reply.Json["token_type"]);
        Assert.InRange((int)reply.Json["expires_in"]!, 1, 300);
        Assert.Contains("no-store", reply.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("RS256", (string?)header["alg"]);
        Assert.NotNull(header["kid"]);
        Assert.Equal(hub.Hub.Settings.ToEnvironment()["Hub__Issuer"], (string?)claims["iss"]);
        Assert.Equal(Client.ClientId, (string?)claims["aud"]);
        Assert.InRange((long)claims["iat"]!, now - 5, now + 60);
        Assert.True((long)claims["exp"]! > (long)claims["iat"]!);
        Assert.InRange((long)claims["auth_time"]!, now - 60, now + 60);
        Assert.Null(claims["nonce"]);
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes((string)reply.Json["access_token"]!));
        Assert.Equal(Base64Url.EncodeToString(hash.AsSpan(0, 16)), (string?)claims["at_hash"]);
    }

    [Fact]
    public async Task B_03_the_nonce_comes_back_and_amr_is_an_array_in_both_tokens()
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.AuthorizeWithoutPkce(Client);
        request["nonce"] = "the nonce";
        var reply = await visitor.Wire.TokenAsync(Requests.Redeem(Client, await visitor.Wire.CodeAsync(request), verifier: null));

        Assert.Equal("the nonce", (string?)Forged.Part((string)reply.Json["id_token"]!, 1)["nonce"]);
        foreach (var token in new[] { "id_token", "access_token" })
        {
            Assert.Equal("""["pwd"]""", Forged.Part((string)reply.Json[token]!, 1)["amr"]!.ToJsonString());
        }

        Assert.Equal("at+jwt", (string?)Forged.Part((string)reply.Json["access_token"]!, 0)["typ"]);
    }

    [Theory]
    [InlineData("token")]
    [InlineData("id_token")]
    [InlineData("")]
    [InlineData(null)]
    public async Task B_02_no_response_type_but_code(string? type)
    {
        var request = Requests.AuthorizeWithoutPkce(Client);
        request.Remove("response_type");
        if (type is not null)
        {
            request["response_type"] = type;
        }

        var reply = await (await hub.VisitorAsync()).Wire.GetAsync(Requests.At("/authorize", request));

        Assert.Contains(reply.Error, new[] { "invalid_request", "unsupported_response_type" });
    }

    [Fact]
    public async Task B_05_06_07_userinfo_by_GET_by_POST_and_in_the_form_and_never_in_the_address()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(Client);
        var bearer = ("Authorization", $"Bearer {tokens.AccessToken}");

        Reply[] replies =
        [
            await visitor.Wire.GetAsync("/userinfo", bearer),
            await visitor.Wire.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(hub.Address, "/userinfo")), bearer),
            await visitor.Wire.PostAsync("/userinfo", [], bearer),
            await visitor.Wire.PostAsync("/userinfo", [new("access_token", tokens.AccessToken)]),
        ];

        Assert.All(replies, reply =>
        {
            Assert.Equal((200, "application/json"), (reply.Status, reply.ContentType));
            Assert.Equal(tokens.Sub, (string?)reply.Json["sub"]);
        });
        Assert.Equal(400, (await visitor.Wire.GetAsync($"/userinfo?access_token={tokens.AccessToken}")).Status);
        Assert.Equal(400, (await visitor.Wire.PostAsync("/userinfo", [new("access_token", tokens.AccessToken)], bearer)).Status);
        Assert.Equal("Bearer", (await visitor.Wire.GetAsync("/userinfo")).Header("WWW-Authenticate"));
    }

    [Theory]
    [InlineData("openid profile", "name")]
    [InlineData("openid email", "email email_verified")]
    [InlineData("openid address", "")]
    [InlineData("openid phone", "")]
    [InlineData("phone address email profile openid", "name email email_verified")]
    public async Task B_09_to_14_scopes_are_taken_in_any_order_and_their_claims_are_at_userinfo_alone(string scope, string claims)
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(Client, scope);

        var info = (await visitor.Driver.Back.UserInfoAsync(tokens.AccessToken)).Expect();

        string[] expected = ["sub", .. claims.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Assert.Equal(expected.Order(StringComparer.Ordinal), info.Select(claim => claim.Key).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(info, claim => claim.Value is null || claim.Value.ToString() is "" or "null");
        Assert.DoesNotContain(tokens.IdTokenClaims, claim => claim.Key is "name" or "email" or "email_verified");
        Assert.Contains(info["email_verified"]?.GetValueKind(), new JsonValueKind?[] { null, JsonValueKind.True, JsonValueKind.False });
    }

    [Theory]
    [InlineData("display", "page")]
    [InlineData("display", "popup")]
    [InlineData("login_hint", "somebody@example.com")]
    [InlineData("ui_locales", "se xx-Nowhere !!")]
    [InlineData("claims_locales", "se")]
    [InlineData("acr_values", "1 2 urn:example")]
    [InlineData("claims", """{"userinfo":{"name":{"essential":true}}}""")]
    [InlineData("max_age", "10000")]
    [InlineData("extra", "foobar")]
    [InlineData("registration", "{}")]
    public async Task B_15_16_21_22_24_to_27_35_what_need_not_be_honoured_does_not_fail(string parameter, string value)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.AuthorizeWithoutPkce(Client);
        request[parameter] = value;

        var signedIn = await visitor.Wire.GetAsync(Requests.At("/authorize", request));
        var stranger = await hub.Stranger().GetAsync(Requests.At("/authorize", request));

        Assert.True(signedIn.Query.ContainsKey("code"), signedIn.Error);
        Assert.Equal("/sign-in", stranger.Location?.AbsolutePath);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "1")]
    public async Task B_17_20_the_person_authenticates_again_and_auth_time_is_later(string parameter, string value)
    {
        await using var clocked = await ClockedHub.StartAsync();
        var (visitor, notes) = (await clocked.VisitorAsync(), clocked.Notes.Settings);
        var before = await visitor.Driver.EnterAsync(notes);
        clocked.Clock.Move(TimeSpan.FromSeconds(30));
        var request = Requests.Authorize(notes);
        request[parameter] = value;

        var asked = await visitor.Wire.GetAsync(Requests.At("/authorize", request));
        Assert.Equal("/sign-in", asked.Location?.AbsolutePath);
        var form = (await visitor.Wire.FollowAsync(asked)).Form("sign-in")!;
        var signedIn = await visitor.Wire.PostAsync("/sign-in", form.Press("sign-in", ("email", visitor.Person.Email), ("password", visitor.Person.Password)));
        var back = await visitor.Wire.FollowAsync(signedIn);

        var tokens = await visitor.Wire.TokenAsync(Requests.Redeem(notes, back.Query["code"].ToString()));
        var claims = Forged.Part((string)tokens.Json["id_token"]!, 1);
        Assert.True((long)claims["auth_time"]! > (long)before.IdTokenClaims["auth_time"]!);
        Assert.Equal(before.Sub, (string?)claims["sub"]);
    }

    [Fact]
    public async Task B_18_prompt_none_without_a_session_says_login_required()
    {
        var request = Requests.AuthorizeWithoutPkce(Client);
        request["prompt"] = "none";

        var reply = await hub.Stranger().GetAsync(Requests.At("/authorize", request));

        Assert.Equal((Client.RedirectUri.AbsoluteUri, "login_required", "the state"), (reply.Location?.GetLeftPart(UriPartial.Path), reply.Error, reply.Query["state"].ToString()));
    }

    [Fact]
    public async Task B_19_21_23_silently_the_same_person_with_the_same_auth_time_also_with_a_hint()
    {
        var visitor = await hub.VisitorAsync();
        var before = await visitor.Driver.EnterAsync(Client);
        foreach (var (parameter, value) in new[] { ("prompt", "none"), ("max_age", "10000"), ("id_token_hint", before.IdToken!) })
        {
            var request = Requests.AuthorizeWithoutPkce(Client);
            request["prompt"] = "none";
            request[parameter] = value;

            var tokens = await visitor.Wire.TokenAsync(Requests.Redeem(Client, await visitor.Wire.CodeAsync(request), verifier: null));

            var claims = Forged.Part((string)tokens.Json["id_token"]!, 1);
            Assert.Equal((before.Sub, (long)before.IdTokenClaims["auth_time"]!), ((string)claims["sub"]!, (long)claims["auth_time"]!));
        }
    }

    [Fact]
    public async Task B_23_a_hint_of_somebody_else_gets_no_answer_for_this_one()
    {
        var (visitor, other) = (await hub.VisitorAsync(), await hub.VisitorAsync());
        var tokens = await other.Driver.EnterAsync(Client);
        var request = Requests.AuthorizeWithoutPkce(Client);
        request["id_token_hint"] = tokens.IdToken!;

        var asked = await visitor.Wire.GetAsync(Requests.At("/authorize", request));
        request["prompt"] = "none";
        var silent = await visitor.Wire.GetAsync(Requests.At("/authorize", request));

        Assert.Equal("/sign-in", asked.Location?.AbsolutePath);
        Assert.Equal("login_required", silent.Error);
    }

    [Theory]
    [InlineData("none login")]
    [InlineData("none consent")]
    [InlineData("no such prompt")]
    public async Task Core_3_1_2_1_a_prompt_that_contradicts_itself_is_an_error(string prompt)
    {
        var request = Requests.AuthorizeWithoutPkce(Client);
        request["prompt"] = prompt;

        Assert.Equal("invalid_request", (await (await hub.VisitorAsync()).Wire.GetAsync(Requests.At("/authorize", request))).Error);
    }

    [Fact]
    public async Task B_31_a_posted_request_has_the_session_all_the_same()
    {
        var visitor = await hub.VisitorAsync();

        // The cross-site POST without the Lax cookie, then the GET with it.
        var posted = await hub.Stranger().PostAsync("/authorize", Requests.AuthorizeWithoutPkce(Client));
        var reply = await visitor.Wire.FollowAsync(posted);

        Assert.Equal(303, posted.Status);
        Assert.True(reply.Query.ContainsKey("code"));
    }

    [Theory]
    [InlineData("post")]
    [InlineData("basic")]
    public async Task B_32_both_ways_of_client_authentication_work_and_both_at_once_do_not(string how)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Redeem(Client, await visitor.Wire.CodeAsync(Requests.AuthorizeWithoutPkce(Client)), verifier: null);
        var basic = ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Client.ClientId}:{System.Net.WebUtility.UrlEncode(Client.ClientSecret)}")));
        Assert.Equal(400, (await visitor.Wire.PostAsync("/token", request, basic)).Status);
        if (how == "basic")
        {
            request.Remove("client_id");
            request.Remove("client_secret");
        }

        Assert.Equal(200, (await visitor.Wire.PostAsync("/token", request, how == "basic" ? [basic] : [])).Status);
    }

    [Fact]
    public async Task B_37_a_refreshed_ID_token_is_of_the_same_sign_in()
    {
        var visitor = await hub.VisitorAsync();
        var before = await visitor.Driver.EnterAsync(Client);

        var after = (await visitor.Driver.Back.RefreshAsync(Client, before.RefreshToken)).Expect();

        foreach (var claim in new[] { "iss", "sub", "aud", "sid", "auth_time" })
        {
            Assert.Equal(before.IdTokenClaims[claim]!.ToJsonString(), after.IdTokenClaims[claim]!.ToJsonString());
        }

        Assert.True((long)after.IdTokenClaims["iat"]! >= (long)before.IdTokenClaims["iat"]!);
        Assert.Null(after.IdTokenClaims["nonce"]);
    }

    [Fact]
    public async Task B_38_PKCE_works()
    {
        var visitor = await hub.VisitorAsync();
        var code = await visitor.Wire.CodeAsync(Requests.Authorize(Client));

        Assert.Equal(200, (await visitor.Wire.TokenAsync(Requests.Redeem(Client, code))).Status);
    }
}
