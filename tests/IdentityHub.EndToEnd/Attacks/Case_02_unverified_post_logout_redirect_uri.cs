using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 2: after sign-out the browser goes to the exact address that was registered, or nowhere.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_02_unverified_post_logout_redirect_uri(AttackedHub hub)
{
    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("{signed-out}/")]
    [InlineData("{signed-out}?foo=bar")]
    [InlineData("{signed-out}#fragment")]
    [InlineData("{signed-out}%20")]
    [InlineData("{origin}/Signed-Out")]
    [InlineData("{origin}/x/../signed-out")]
    [InlineData("{origin}//signed-out")]
    [InlineData("{origin}/signed%2Dout")]
    [InlineData("https://{authority}/signed-out")]
    [InlineData("http://localhost:1/signed-out")]
    [InlineData("http://{authority}@evil.example/signed-out")]
    [InlineData("http://localhost.evil.example/signed-out")]
    [InlineData("//{authority}/signed-out")]
    [InlineData("/signed-out")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("{bank}")]
    [InlineData("{callback}")]
    public async Task Anything_but_the_registered_address_leads_nowhere(string address)
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);
        address = address
            .Replace("{signed-out}", notes.PostLogoutRedirectUris[0].AbsoluteUri, StringComparison.Ordinal)
            .Replace("{origin}", notes.RedirectUri.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("{authority}", notes.RedirectUri.Authority, StringComparison.Ordinal)
            .Replace("{bank}", hub.Bank.Settings.PostLogoutRedirectUris[0].AbsoluteUri, StringComparison.Ordinal)
            .Replace("{callback}", notes.RedirectUri.AbsoluteUri, StringComparison.Ordinal);
        var parameters = new Dictionary<string, string> { ["id_token_hint"] = tokens.IdToken!, ["post_logout_redirect_uri"] = address, ["state"] = "s" };

        var reply = await visitor.Wire.GetAsync(Requests.At("/end-session", parameters));
        var byName = await visitor.Wire.GetAsync(Requests.At("/end-session", new Dictionary<string, string> { ["client_id"] = notes.ClientId, ["post_logout_redirect_uri"] = address }));

        foreach (var each in new[] { reply, byName })
        {
            Assert.False(each.Redirects, $"{each.Status} {each.Location}");
            Assert.Equal(400, each.Status);
            Assert.DoesNotContain($"href=\"{System.Net.WebUtility.HtmlEncode(address)}\"", each.Body, StringComparison.Ordinal);
        }

        // RP-Initiated Logout §4: what depends on the value is not done at all.
        Assert.True(await visitor.IsAliveAsync(notes));
    }

    [Fact]
    public async Task Two_addresses_are_none()
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var tokens = await visitor.Driver.EnterAsync(notes);

        var reply = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, notes.PostLogoutRedirectUris[0]) + "&post_logout_redirect_uri=https%3A%2F%2Fevil.example");

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Error));
        Assert.True(await visitor.IsAliveAsync(notes));
    }
}
