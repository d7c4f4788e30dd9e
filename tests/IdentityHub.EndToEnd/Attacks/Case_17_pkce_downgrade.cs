using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 17: PKCE cannot be left out, weakened or guessed (RFC 7636, RFC 9700 §2.1.1).</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_17_pkce_downgrade(AttackedHub hub)
{
    [Fact]
    public async Task A_verifier_without_a_challenge_is_refused()
    {
        var visitor = await hub.VisitorAsync();
        var code = await visitor.Wire.CodeAsync(Requests.AuthorizeWithoutPkce(hub.Certified));

        var reply = await visitor.Wire.TokenAsync(Requests.Redeem(hub.Certified, code));

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Error));
    }

    [Theory]
    [InlineData(null, "invalid_request")]
    [InlineData("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXK", "invalid_grant")]
    public async Task A_challenge_asks_for_its_verifier(string? verifier, string error)
    {
        var visitor = await hub.VisitorAsync();
        foreach (var party in new[] { hub.Notes.Settings, hub.Certified })
        {
            var code = await visitor.Wire.CodeAsync(Requests.Authorize(party));

            var reply = await visitor.Wire.TokenAsync(Requests.Redeem(party, code, verifier));

            Assert.Equal(400, reply.Status);
            Assert.Contains(reply.Error, new[] { error, "invalid_grant" });
        }
    }

    [Theory]
    [InlineData("plain", Requests.Verifier)]
    [InlineData(null, Requests.Verifier)]
    [InlineData("S512", Requests.Verifier)]
    [InlineData("S256", "")]
    [InlineData("S256", "abc")]
    [InlineData("S256", "not base64url, though of the length of one.")]
    [InlineData("S256", null)]
    [InlineData(null, null)]
    public async Task Nothing_but_a_SHA256_challenge_gets_a_code(string? method, string? challenge)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.AuthorizeWithoutPkce(hub.Notes.Settings);
        if (method is not null)
        {
            request["code_challenge_method"] = method;
        }

        if (challenge is not null)
        {
            request["code_challenge"] = challenge;
        }

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request));

        Assert.Equal("invalid_request", reply.Error);
        Assert.False(reply.Query.ContainsKey("code"));
    }

    [Fact]
    public async Task A_public_client_cannot_go_without()
    {
        var visitor = await hub.VisitorAsync();

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", Requests.AuthorizeWithoutPkce(hub.Native)));

        Assert.Equal("invalid_request", reply.Error);
    }

    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task A_verifier_has_43_to_128_characters(int length, bool good)
    {
        var (visitor, verifier) = (await hub.VisitorAsync(), new string('v', length));
        var request = Requests.Authorize(hub.Notes.Settings);
        request["code_challenge"] = Requests.Challenge(verifier);
        var code = await visitor.Wire.CodeAsync(request);

        var reply = await visitor.Wire.TokenAsync(Requests.Redeem(hub.Notes.Settings, code, verifier));

        Assert.Equal(good ? (200, null) : (400, "invalid_request"), (reply.Status, reply.Error));
    }

    [Fact]
    public async Task A_verifier_of_other_characters_is_refused()
    {
        var (visitor, verifier) = (await hub.VisitorAsync(), new string('v', 42) + "é");
        var request = Requests.Authorize(hub.Notes.Settings);
        var code = await visitor.Wire.CodeAsync(request);

        Assert.Equal("invalid_request", (await visitor.Wire.TokenAsync(Requests.Redeem(hub.Notes.Settings, code, verifier))).Error);
    }
}
