using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using IdentityHub.Client.Tests.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Client.Tests.BackChannelLogout;

/// <summary>
/// The eight modules of the OpenID Foundation's plan <c>oidcc-client-back-channel-logout-rp-basic</c>, and what that plan
/// leaves out, against <c>Notes</c> as a process. As there, the application signs in, sends the browser to the end-session
/// endpoint, receives one POST and gets the browser back. A second browser of the same provider session shows whether
/// the POST ended anything: the first one's session is over by its own sign-out.
/// </summary>
public sealed class ConformanceTests(NotesFixture fixture) : IClassFixture<NotesFixture>
{
    private const string ThirdEvent = "http://schemas.openid.net/event/foobar";

    private readonly NotesProcess _notes = fixture.Notes;
    private readonly string _sub = RandomNumberGenerator.GetHexString(16);
    private readonly string _sid = RandomNumberGenerator.GetHexString(16);

    private FakeProvider Provider => _notes.Provider;

    [Fact] // oidcc-client-test-rp-backchannel-rpinitlogout
    public async Task Rpinitlogout()
    {
        var claims = Provider.LogoutClaims(_sid);
        claims["extra"] = "foobar";

        await AssertAcceptedAsync(_notes, Provider.Sign(claims, "logout+jwt"), ("extra", "foobar"));
    }

    [Fact] // …-alg-none
    public Task Alg_none() => AssertRefusedAsync(_notes, Jwt.Sign(
        new JsonObject { ["alg"] = "none", ["typ"] = "logout+jwt" }, Provider.LogoutClaims(_sid), Jwt.Unsigned));

    [Fact] // …-no-event
    public Task No_event() => AssertRefusedAsync(_notes, Bent(c => c.Remove("events")));

    [Fact] // …-with-nonce
    public Task With_nonce() => AssertRefusedAsync(_notes, Bent(c => c["nonce"] = "n"));

    [Fact] // …-wrong-alg
    public Task Wrong_alg() => AssertRefusedAsync(_notes, Provider.Sign(Provider.LogoutClaims(_sid), "logout+jwt", "ES256"));

    [Fact] // …-wrong-alg, where the client has registered ES256
    public async Task Wrong_alg_the_other_way_round()
    {
        await using var notes = await NotesProcess.StartAsync(("Hub__SigningAlgorithm", "ES256"));
        notes.Provider.IdTokenAlgorithm = "ES256";

        await AssertRefusedAsync(notes, notes.Provider.Sign(notes.Provider.LogoutClaims(_sid), "logout+jwt", "RS256"));
        await AssertAcceptedAsync(notes, notes.Provider.Sign(notes.Provider.LogoutClaims(_sid), "logout+jwt", "ES256"));
    }

    [Fact] // …-wrong-aud
    public Task Wrong_aud() => AssertRefusedAsync(_notes, Bent(c => c["aud"] = Application.ClientId + "INVALID"));

    [Fact] // …-wrong-event
    public Task Wrong_event() => AssertRefusedAsync(_notes, Bent(c => c["events"] = new JsonObject { [ThirdEvent] = new JsonObject() }));

    [Fact] // …-wrong-iss
    public Task Wrong_iss() => AssertRefusedAsync(_notes, Bent(c => c["iss"] = Provider.Issuer + "/"));

    [Fact]
    public Task An_expired_token() => AssertRefusedAsync(_notes, Bent(c =>
        (c["iat"], c["exp"]) = (c["iat"]!.GetValue<long>() - 300, c["iat"]!.GetValue<long>() - 180)));

    [Fact]
    public async Task A_replayed_jti_ends_no_session_that_began_since()
    {
        var first = Provider.LogoutClaims(sub: _sub);
        var token = Provider.Sign(first, "logout+jwt");
        Assert.Equal(HttpStatusCode.OK, (await _notes.PostLogoutAsync(token)).StatusCode);
        // A session of the same second as the logout counts as the older one; this one is of the next.
        Provider.BendIdToken = c => c["iat"] = first["iat"]!.GetValue<long>() + 1;

        await AssertRefusedAsync(_notes, token);
    }

    [Fact]
    public async Task An_unknown_sid_is_over_already()
    {
        using var other = await _notes.SignInAsync(_sub, _sid);

        Assert.Equal(HttpStatusCode.OK, (await _notes.PostLogoutAsync(Provider.LogoutToken(_sid + "-unknown"))).StatusCode);

        Assert.True(await other.IsSignedInAsync());
    }

    [Fact]
    public Task A_sub_alone() => AssertAcceptedAsync(_notes, () => Provider.LogoutToken(sub: _sub));

    [Fact]
    public Task Neither_sub_nor_sid() => AssertRefusedAsync(_notes, Bent(c => c.Remove("sid")));

    [Theory]
    [InlineData(null)]
    [InlineData("JWT")]
    [InlineData("at+jwt")]
    public Task An_untyped_token(string? typ) => AssertRefusedAsync(_notes, Provider.Sign(Provider.LogoutClaims(_sid), typ));

    [Theory]
    [InlineData("logout+jwt")]
    [InlineData("application/logout+jwt")]
    [InlineData("LOGOUT+JWT")] // RFC 7515 §4.1.9: media types know no case
    public Task A_typed_token(string typ) => AssertAcceptedAsync(_notes, Provider.Sign(Provider.LogoutClaims(_sid), typ));

    [Fact]
    public async Task The_ID_token_of_the_session_itself()
    {
        using var browser = await _notes.SignInAsync(_sub, _sid);

        await AssertRefusedAsync(_notes, Provider.LastIdToken!);
    }

    [Fact]
    public Task An_encrypted_token()
    {
        // Signed as it should be, inside: this client has registered no encryption, and the key is one it could not have.
        using var rsa = RSA.Create(2048);
        var key = new EncryptingCredentials(new RsaSecurityKey(rsa), SecurityAlgorithms.RsaOAEP, SecurityAlgorithms.Aes256CbcHmacSha512);
        return AssertRefusedAsync(_notes, new JsonWebTokenHandler().EncryptToken(Provider.LogoutToken(_sid), key));
    }

    [Fact]
    public async Task GET_in_place_of_POST()
    {
        using var browser = await _notes.SignInAsync(_sub, _sid);

        var answer = await browser.GetAsync("/backchannel-logout?logout_token=" + Provider.LogoutToken(_sid));

        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.True(await browser.IsSignedInAsync());
    }

    private string Bent(Action<JsonObject> bend)
    {
        var claims = Provider.LogoutClaims(_sid);
        bend(claims);
        return Provider.Sign(claims, "logout+jwt");
    }

    private Task AssertAcceptedAsync(NotesProcess notes, string token, params (string, string)[] more) =>
        AssertAcceptedAsync(notes, () => token, more);

    private async Task AssertAcceptedAsync(NotesProcess notes, Func<string> token, params (string, string)[] more)
    {
        var (answer, ended) = await WalkAsync(notes, token, more);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.True(ended, "The session is alive although the receiver answered 200.");
    }

    private async Task AssertRefusedAsync(NotesProcess notes, string token)
    {
        var (answer, ended) = await WalkAsync(notes, () => token);

        await ReceiverTests.AssertRefused(answer, "the module's token");
        Assert.False(ended, "The session is over although the receiver refused the token.");
    }

    /// <summary>What a module does: sign in, sign out, one POST while the browser is at the provider, and back.</summary>
    private async Task<(HttpResponseMessage Answer, bool Ended)> WalkAsync(NotesProcess notes, Func<string> token, params (string, string)[] more)
    {
        using var leaving = await notes.SignInAsync(_sub, _sid);
        using var staying = await notes.SignInAsync(_sub, _sid);
        List<HttpResponseMessage> answers = [];
        notes.Provider.WhileEndingSession = async () => answers.Add(await notes.PostLogoutAsync(token(), more));

        var back = await leaving.SignOutAsync();

        Assert.Equal(new Uri(notes.Url, "/"), back.RequestMessage!.RequestUri);
        Assert.False(await leaving.IsSignedInAsync());
        return (Assert.Single(answers), !await staying.IsSignedInAsync());
    }
}
