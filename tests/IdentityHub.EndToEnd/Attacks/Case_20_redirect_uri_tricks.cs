using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 20: the browser is sent to a registered address, compared character by character, or sees a page.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_20_redirect_uri_tricks(AttackedHub hub)
{
    [Theory]
    [InlineData("https://evil.example/callback")]
    [InlineData("{origin}")]
    [InlineData("{callback}/")]
    [InlineData("{callback}/sub")]
    [InlineData("{callback}x")]
    [InlineData("{callback}?x=1")]
    [InlineData("{callback}#x")]
    [InlineData("{callback}%20")]
    [InlineData("{callback}%00")]
    [InlineData("{callback}/../callback")]
    [InlineData("{origin}/x/../callback")]
    [InlineData("{origin}/./callback")]
    [InlineData("{origin}//callback")]
    [InlineData("{origin}/%63allback")]
    [InlineData("{origin}/Callback")]
    [InlineData("{origin}\\callback")]
    [InlineData("http://localhost:1/callback")]
    [InlineData("http://{authority}@evil.example/callback")]
    [InlineData("http://evil.example\\@{authority}/callback")]
    [InlineData("http://{authority}.evil.example/callback")]
    [InlineData("http://lоcalhost:{port}/callback")]
    [InlineData("http://127.0.0.1:{port}/callback")]
    [InlineData("HTTP://{authority}/callback")]
    [InlineData(" {callback}")]
    [InlineData("javascript:alert(1)")]
    [InlineData("{bank}")]
    [InlineData("")]
    public async Task Anything_but_a_registered_address_gets_a_page(string address)
    {
        var (visitor, notes) = (await hub.VisitorAsync(), hub.Notes.Settings);
        var request = Requests.Authorize(notes);
        request["redirect_uri"] = address
            .Replace("{callback}", notes.RedirectUri.AbsoluteUri, StringComparison.Ordinal)
            .Replace("{origin}", notes.RedirectUri.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal)
            .Replace("{authority}", notes.RedirectUri.Authority, StringComparison.Ordinal)
            .Replace("{port}", $"{notes.RedirectUri.Port}", StringComparison.Ordinal)
            .Replace("{bank}", hub.Bank.Settings.RedirectUri.AbsoluteUri, StringComparison.Ordinal);

        foreach (var prompt in new[] { "", "none", "no such prompt" })
        {
            request["prompt"] = prompt;
            var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request));
            Assert.Equal((400, null), (reply.Status, reply.Location));
            Assert.True(reply.Shows("error"));
        }
    }

    [Fact]
    public async Task A_second_redirect_uri_is_refused_whichever_comes_first()
    {
        var visitor = await hub.VisitorAsync();
        var good = Requests.At("/authorize", Requests.Authorize(hub.Notes.Settings));

        var last = await visitor.Wire.GetAsync(good + "&redirect_uri=https%3A%2F%2Fevil.example");
        var first = await visitor.Wire.GetAsync(good.Replace("/authorize?", "/authorize?redirect_uri=https%3A%2F%2Fevil.example&", StringComparison.Ordinal));
        var same = await visitor.Wire.GetAsync(good + "&redirect_uri=" + Uri.EscapeDataString(hub.Notes.Settings.RedirectUri.AbsoluteUri));

        Assert.All([last, first, same], reply => Assert.Equal((400, null, "invalid_request"), (reply.Status, reply.Location, reply.Error)));
    }

    [Theory]
    [InlineData("client_id", "bank", null)]
    [InlineData("state", "another", "invalid_request")]
    [InlineData("nonce", "another", "invalid_request")]
    [InlineData("scope", "openid", "invalid_request")]
    [InlineData("response_type", "code", "invalid_request")]
    [InlineData("unknown", "another", "invalid_request")]
    public async Task Any_parameter_that_comes_twice_is_refused(string parameter, string value, string? toTheParty)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(hub.Notes.Settings);
        request["nonce"] = "n";
        request["unknown"] = "u";

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request) + $"&{parameter}={value}");

        Assert.Equal("invalid_request", reply.Error);
        Assert.Equal(toTheParty is null, reply.Location is null);
        Assert.False(reply.Query.ContainsKey("code"));
    }

    [Theory]
    [InlineData("/token", "grant_type")]
    [InlineData("/token", "client_id")]
    [InlineData("/token", "code_verifier")]
    [InlineData("/introspect", "token")]
    [InlineData("/revoke", "token")]
    public async Task And_so_at_every_other_endpoint(string path, string parameter)
    {
        Dictionary<string, string> fields = Requests.Redeem(hub.Notes.Settings, "code");
        fields["token"] = "t";

        var reply = await hub.Stranger().PostAsync(path, [.. fields, new(parameter, "another")]);

        Assert.Equal((400, "invalid_request"), (reply.Status, reply.Error));
    }

    [Fact]
    public async Task Without_one_where_two_are_registered_there_is_a_page()
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(hub.Certified);
        request.Remove("redirect_uri");

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request));

        Assert.Equal((400, null), (reply.Status, reply.Location));
    }
}
