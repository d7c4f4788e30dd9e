using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 3: what is not an ID token of this hub is no hint. The person is asked, and goes nowhere by it.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_03_id_token_hint_abuse(AttackedHub hub)
{
    [Theory]
    [InlineData("alg none")]
    [InlineData("foreign key")]
    [InlineData("foreign key in a jwk header")]
    [InlineData("foreign key at a jku header")]
    [InlineData("HS256 with the public key")]
    [InlineData("tampered audience")]
    [InlineData("tampered sid")]
    [InlineData("other issuer")]
    [InlineData("access token")]
    [InlineData("refresh token")]
    [InlineData("logout token")]
    [InlineData("no token")]
    [InlineData("sixty kilobytes")]
    public async Task It_is_treated_as_no_hint(string what)
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var hint = await ForgeAsync(what, tokens);
        // By POST, where a long one is not refused for its length alone.
        var parameters = new Dictionary<string, string>
        {
            ["id_token_hint"] = hint,
            ["post_logout_redirect_uri"] = hub.Notes.Settings.PostLogoutRedirectUris[0].AbsoluteUri,
            ["state"] = "s",
        };

        var reply = await visitor.Wire.FollowAsync(await visitor.Wire.PostAsync("/end-session", parameters));

        Assert.Equal(200, reply.Status);
        Assert.True(reply.Shows("sign-out"));
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
        // Core §3.1.2.2: at the authorization endpoint it names nobody either.
        var silent = Requests.Authorize(hub.Notes.Settings);
        silent["prompt"] = "none";
        silent["id_token_hint"] = hint;
        var asked = await visitor.Wire.FollowAsync(await visitor.Wire.PostAsync("/authorize", silent));
        Assert.Equal("invalid_request", asked.Error);
        Assert.DoesNotContain(hint[..Math.Min(hint.Length, 200)], hub.Hub.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hundred_kilobytes_are_too_much_and_no_failure()
    {
        var visitor = await hub.VisitorAsync();
        var hint = new string('a', 100_000);

        var posted = await visitor.Wire.AnnounceAsync("/end-session", hint.Length);
        var got = await visitor.Wire.RawGetAsync($"/end-session?id_token_hint={hint}");

        Assert.Equal((413, 414), (posted, Wire.StatusOf(got)));
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
    }

    [Fact]
    public async Task The_real_one_ends_the_session_without_a_question()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);

        var reply = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, hub.Notes.Settings.PostLogoutRedirectUris[0], "s"));

        Assert.Equal($"{hub.Notes.Settings.PostLogoutRedirectUris[0]}?state=s", reply.Location?.AbsoluteUri);
        Assert.False(await visitor.IsAliveAsync(hub.Notes.Settings));
    }

    private async Task<string> ForgeAsync(string what, Tokens tokens) => what switch
    {
        "alg none" => Forged.Unsigned(tokens.IdToken!),
        "foreign key" => Forged.ByForeignKey(tokens.IdToken!),
        "foreign key in a jwk header" => Forged.ByForeignKey(tokens.IdToken!, header => header["jwk"] = Forged.ForeignJwk()),
        "foreign key at a jku header" => Forged.ByForeignKey(tokens.IdToken!, header => header["jku"] = hub.Notes.RedirectTarget.AbsoluteUri),
        "HS256 with the public key" => Forged.ByPublicKeyAsSecret(tokens.IdToken!, await KeyAsync(tokens.IdToken!)),
        "tampered audience" => Forged.Tampered(tokens.IdToken!, "aud", "bank"),
        "tampered sid" => Forged.Tampered(tokens.IdToken!, "sid", "another"),
        "other issuer" => Forged.ByForeignKey(tokens.IdToken!, claims: claims => claims["iss"] = "https://other.example"),
        "access token" => tokens.AccessToken,
        "refresh token" => tokens.RefreshToken!,
        "logout token" => await LogoutTokenAsync(),
        "no token" => "this.is.nothing",
        "sixty kilobytes" => new string('a', 60_000),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
    };

    private async Task<System.Text.Json.Nodes.JsonObject> KeyAsync(string token)
    {
        var keys = (await hub.Stranger().GetAsync("/jwks")).Json["keys"]!.AsArray();
        return keys.Select(key => key!.AsObject()).Single(key => (string?)key["kid"] == (string?)Forged.Part(token, 0)["kid"]);
    }

    // Of a session of somebody else that has just ended.
    private async Task<string> LogoutTokenAsync()
    {
        var other = await hub.VisitorAsync();
        var tokens = await other.Driver.EnterAsync(hub.Notes.Settings);
        await other.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);
        return (await hub.Notes.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon)).Token;
    }
}
