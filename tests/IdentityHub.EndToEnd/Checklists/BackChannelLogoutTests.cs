using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IdentityHub.EndToEnd.Attacks;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary>
/// OpenID Connect Back-Channel Logout 1.0, the provider's rows, and the modules of the OpenID Foundation's plan for it,
/// as they arrive at a relying party. docs/conformance.md has the list.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class BackChannelLogoutTests(AttackedHub hub)
{
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";

    [Fact]
    public async Task BCL_OP_01_02_the_metadata_say_that_it_is_supported_and_with_sid()
    {
        var metadata = (await hub.Stranger().GetAsync("/.well-known/openid-configuration")).Json;

        Assert.True((bool)metadata["backchannel_logout_supported"]!);
        Assert.True((bool)metadata["backchannel_logout_session_supported"]!);
    }

    [Fact]
    public async Task BCL_OP_03_a_sid_is_opaque_unguessable_and_of_one_session()
    {
        var visitor = await hub.VisitorAsync();
        var elsewhere = new HubDriver(hub.Address);
        var here = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var there = await elsewhere.EnterAsync(hub.Notes.Settings, person: visitor.Person.Credentials);

        Assert.Equal(here.Sub, there.Sub);
        Assert.NotEqual(here.Sid, there.Sid);
        Assert.Equal(here.Sid, (await visitor.Driver.EnterAsync(hub.Notes.Settings)).Sid);
        Assert.All([here.Sid, there.Sid], sid => Assert.Matches("^[A-Za-z0-9_-]{32}$", sid));
        Assert.DoesNotContain(here.Sid, visitor.Driver.Cookies.Cookies.Values);
    }

    [Theory]
    [InlineData("https://app.example.com/logout", true)]
    [InlineData("https://app.example.com/logout?tenant=1", true)]
    [InlineData("https://app.example.com/logout#x", false)]
    [InlineData("http://app.example.com/logout", false)]
    [InlineData("/logout", false)]
    [InlineData("com.example.app:/logout", false)]
    public void BCL_OP_04_05_what_may_be_registered(string address, bool accepted) =>
        Assert.Equal(accepted, UriRule.BackChannel(address, AddressRule.From([], development: false), development: false, "BackChannelLogoutUri") is null);

    [Fact]
    public async Task BCL_OP_10_to_17_the_token_has_what_it_must_and_nothing_it_must_not()
    {
        var (visitor, now) = (await hub.VisitorAsync(), TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var logout = await EndAsync(visitor, tokens, hub.Notes);

        Assert.Equal("logout+jwt", (string?)logout.Header["typ"]);
        Assert.Equal(["aud", "events", "exp", "iat", "iss", "jti", "sid"], logout.Payload.Select(claim => claim.Key).Order(StringComparer.Ordinal));
        Assert.Equal(hub.Hub.Settings.ToEnvironment()["Hub__Issuer"], (string?)logout.Payload["iss"]);
        Assert.Equal("notes", (string?)logout.Payload["aud"]);
        Assert.InRange((long)logout.Payload["iat"]!, now - 1, now + 60);
        Assert.InRange((long)logout.Payload["exp"]! - (long)logout.Payload["iat"]!, 1, 120);
        Assert.NotEmpty(logout.Jti!);
        Assert.Equal(tokens.Sid, logout.Sid);
        var only = Assert.Single(logout.Payload["events"]!.AsObject());
        Assert.Equal((Event, "{}"), (only.Key, only.Value!.ToJsonString()));
    }

    [Fact]
    public async Task BCL_OP_12_19_each_application_is_told_in_its_dialect_with_the_sub_of_its_ID_token()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        await visitor.Driver.EnterAsync(hub.Both.Settings);
        var subject = await visitor.Driver.EnterAsync(hub.Subject.Settings);

        var sid = await EndAsync(visitor, tokens, hub.Notes);
        var both = await hub.Both.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon);
        var sub = await Eventually.ValueAsync(
            () => Task.FromResult(hub.Subject.Received.FirstOrDefault(logout => logout.Sub == subject.Sub)), AttackedHub.Soon, "a logout token by sub");

        Assert.Equal((tokens.Sid, null), (sid.Sid, sid.Sub));
        Assert.Equal((tokens.Sid, tokens.Sub), (both.Sid, both.Sub));
        Assert.Equal((null, subject.Sub), (sub.Sid, sub.Sub));
        Assert.Equal(3, new[] { sid.Jti, both.Jti, sub.Jti }.Distinct().Count());
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("ES256")]
    public async Task BCL_OP_14_it_is_signed_like_the_ID_tokens_by_a_published_key(string algorithm)
    {
        var (visitor, party) = (await hub.VisitorAsync(), algorithm == "RS256" ? hub.Notes : hub.Elliptic);
        var tokens = await visitor.Driver.EnterAsync(party.Settings);

        var logout = await EndAsync(visitor, tokens, party);

        Assert.Equal(algorithm, (string?)logout.Header["alg"]);
        Assert.Equal(algorithm, (string?)Forged.Part(tokens.IdToken!, 0)["alg"]);
        var keys = (await hub.Stranger().GetAsync("/jwks")).Json["keys"]!.AsArray();
        var key = Assert.Single(keys, each => (string?)each!["kid"] == (string?)logout.Header["kid"])!.AsObject();
        Assert.True(Verifies(logout.Token, key, algorithm));
        Assert.False(Verifies(Forged.Tampered(logout.Token, "sid", "another"), key, algorithm));
    }

    [Fact]
    public async Task BCL_OP_15_no_encryption_of_ID_tokens_is_offered_so_none_is_owed()
    {
        var metadata = (await hub.Stranger().GetAsync("/.well-known/openid-configuration")).Json;

        Assert.Null(metadata["id_token_encryption_alg_values_supported"]);
    }

    [Theory]
    [InlineData(400, false)]
    [InlineData(503, true)]
    public async Task BCL_OP_22_what_was_refused_is_not_sent_again_and_what_failed_is(int status, bool again)
    {
        await using var clocked = await ClockedHub.StartAsync();
        clocked.Notes.Answer = new BackChannelAnswer.Status(status);
        var visitor = await clocked.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(clocked.Notes.Settings);
        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);
        await clocked.Notes.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon);

        var state = await Eventually.ValueAsync(
            () => clocked.ActAsync(services => StateAsync(services, tokens.Sid, again ? BackChannelLogout.DeliveryState.Pending : BackChannelLogout.DeliveryState.Rejected)),
            AttackedHub.Soon, "the outcome on the row");

        Assert.NotNull(state);
        if (again)
        {
            clocked.Notes.Answer = BackChannelAnswer.Ok;
            await clocked.Notes.WaitForConfirmedLogoutAsync(tokens.Sid, AttackedHub.Soon);
        }
        else
        {
            Assert.Single(clocked.Notes.Received);
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    public async Task BCL_OP_23_both_200_and_204_are_success(int status)
    {
        // Longer than the answer needs on a busy machine: what is not there by then is not waited for.
        await using var clocked = await ClockedHub.StartAsync(s => s with { More = new Dictionary<string, string?> { ["BackChannelLogout__LogoutWait"] = "00:00:10" } });
        clocked.Notes.Answer = new BackChannelAnswer.Status(status);
        var visitor = await clocked.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(clocked.Notes.Settings);

        var page = await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);

        Assert.Contains("the application has confirmed it", page.Html, StringComparison.Ordinal);
    }

    private static async Task<ReceivedLogout> EndAsync(Visitor visitor, Tokens tokens, RelyingPartyStub at)
    {
        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);
        return await at.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon);
    }

    private static async Task<string?> StateAsync(IServiceProvider services, string sid, BackChannelLogout.DeliveryState state)
    {
        var db = (Data.HubDb)services.GetService(typeof(Data.HubDb))!;
        var found = await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.CountAsync(
            db.Set<BackChannelLogout.LogoutDelivery>(), delivery => delivery.Sid == sid && delivery.State == state && delivery.Attempts > 0);
        return found == 1 ? state.ToString() : null;
    }

    private static bool Verifies(string token, JsonObject key, string algorithm)
    {
        var parts = token.Split('.');
        var (signed, signature) = (Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]));
        if (algorithm == "RS256")
        {
            using var rsa = RSA.Create(new RSAParameters { Modulus = Part("n"), Exponent = Part("e") });
            return rsa.VerifyData(signed, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        }

        using var curve = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Part("x"), Y = Part("y") } });
        return curve.VerifyData(signed, signature, HashAlgorithmName.SHA256);

        byte[] Part(string name) => Base64Url.DecodeFromChars((string)key[name]!);
    }
}
