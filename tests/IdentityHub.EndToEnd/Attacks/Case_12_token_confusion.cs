using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 12: each kind of token is good for one thing. That a relying party refuses an ID token as a logout token
/// is shown where the receiver is: <c>ReceiverTests.An_ID_token_is_refused</c>.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_12_token_confusion(AttackedHub hub)
{
    [Fact]
    public async Task A_logout_token_opens_nothing()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);
        await visitor.Driver.EndSessionAsync(idTokenHint: tokens.IdToken);
        var logout = (await hub.Notes.WaitForLogoutAsync(tokens.Sid, AttackedHub.Soon)).Token;
        await visitor.Driver.SignInAsync(visitor.Person.Email, visitor.Person.Password);

        await AssertOpensNothingAsync(visitor, logout);
        // As id_token_hint: Case_03_id_token_hint_abuse.
        var claims = Forged.Part(logout, 1);
        Assert.Null(claims["nonce"]);
        Assert.Equal("logout+jwt", (string?)Forged.Part(logout, 0)["typ"]);
    }

    [Theory]
    [InlineData("id")]
    [InlineData("refresh")]
    public async Task An_ID_token_and_a_refresh_token_are_no_access_token(string which)
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);

        Assert.Equal(401, (await visitor.Driver.Back.UserInfoAsync(which == "id" ? tokens.IdToken! : tokens.RefreshToken!)).Error?.Status);
    }

    [Fact]
    public async Task An_access_token_and_an_ID_token_are_no_grant_and_no_assertion()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);

        foreach (var token in new[] { tokens.AccessToken, tokens.IdToken! })
        {
            Assert.Equal("invalid_grant", (await visitor.Wire.TokenAsync(Requests.Redeem(notes, token))).Error);
            Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(notes, token)).Error?.Code);
            await AssertIsNoAssertionAsync(visitor, token);
        }
    }

    private async Task AssertOpensNothingAsync(Visitor visitor, string token)
    {
        Assert.Equal(401, (await visitor.Driver.Back.UserInfoAsync(token)).Error?.Status);
        Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(hub.Notes.Settings, token)).Error?.Code);
        Assert.Equal("invalid_grant", (await visitor.Wire.TokenAsync(Requests.Redeem(hub.Notes.Settings, token))).Error);
        Assert.Equal("""{"active":false}""", (await visitor.Driver.Back.IntrospectAsync(hub.Notes.Settings, token)).Expect().ToJsonString());
        await AssertIsNoAssertionAsync(visitor, token);
    }

    private async Task AssertIsNoAssertionAsync(Visitor visitor, string token)
    {
        var request = Requests.Redeem(hub.Notes.Settings, "whatever");
        request.Remove("client_secret");
        request["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        request["client_assertion"] = token;

        var reply = await visitor.Wire.TokenAsync(request);

        Assert.InRange(reply.Status, 400, 401);
        Assert.Contains(reply.Error, new[] { "invalid_client", "invalid_request" });
    }
}
