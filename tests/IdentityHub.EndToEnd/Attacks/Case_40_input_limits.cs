using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 40: too much, too many, or not text. It is refused with a 4xx or taken whole, never half and never with a
/// 500. The hub reads no JSON yet; deep and duplicate members come with the API of issue 7.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_40_input_limits(AttackedHub hub)
{
    private static readonly string[] Endpoints = ["/authorize", "/token", "/userinfo", "/introspect", "/revoke", "/end-session", "/jwks", "/.well-known/openid-configuration"];

    public static TheoryData<string> AllEndpoints => [.. Endpoints];

    [Theory]
    [InlineData("state")]
    [InlineData("nonce")]
    [InlineData("id_token_hint")]
    [InlineData("login_hint")]
    [InlineData("ui_locales")]
    [InlineData("unknown")]
    public async Task A_megabyte_is_refused(string parameter)
    {
        var request = Requests.Authorize(hub.Notes.Settings);
        request[parameter] = new string('x', 1_000_000);

        var got = await hub.Stranger().RawGetAsync(Requests.At("/authorize", request));
        var posted = await hub.Stranger().AnnounceAsync("/authorize", 1_000_000);

        Assert.Equal((413, 414), (posted, Wire.StatusOf(got)));
    }

    [Theory]
    [InlineData("state")]
    [InlineData("nonce")]
    public async Task What_is_not_refused_comes_back_whole(string parameter)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(hub.Notes.Settings);
        var value = request[parameter] = string.Concat(Enumerable.Repeat("ü'\"<&+%/?=# ", 500));

        var reply = await visitor.Wire.FollowAsync(await visitor.Wire.PostAsync("/authorize", request));

        if (parameter == "state")
        {
            Assert.Equal(value, reply.Query["state"].ToString());
            return;
        }

        var tokens = await visitor.Wire.TokenAsync(Requests.Redeem(hub.Notes.Settings, reply.Query["code"].ToString()));
        Assert.Equal(value, (string?)Forged.Part((string)tokens.Json["id_token"]!, 1)["nonce"]);
    }

    [Fact]
    public async Task Ten_thousand_scopes_are_refused()
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(hub.Notes.Settings, "openid " + string.Join(' ', Enumerable.Range(0, 10_000).Select(n => $"s{n}")));

        var reply = await visitor.Wire.PostAsync("/authorize", request);
        reply = reply.Redirects ? await visitor.Wire.FollowAsync(reply) : reply;

        Assert.True(reply.Status == 413 || reply.Error is "invalid_request" or "invalid_scope", $"{reply.Status} {reply.Error}");
        Assert.False(reply.Query.ContainsKey("code"));
    }

    [Theory]
    [InlineData("invalid UTF-8", "%ff%fe")]
    [InlineData("overlong", "%c0%af")]
    [InlineData("a lone surrogate", "%ed%a0%80")]
    [InlineData("half a character", "%c3")]
    [InlineData("NUL", "a%00b")]
    [InlineData("no hexadecimal", "%zz")]
    [InlineData("an end too early", "%4")]
    public async Task What_is_not_text_is_refused(string what, string value)
    {
        var (stranger, notes) = (hub.Stranger(), hub.Notes.Settings);
        foreach (var parameter in new[] { "state", "nonce", "client_id", "redirect_uri", "scope", "login_hint", "prompt", "id_token_hint", "unknown" })
        {
            var request = Requests.Authorize(notes);
            request.Remove(parameter);
            var query = Requests.At("", request)[1..] + $"&{parameter}={value}";
            foreach (var answer in new[] { await stranger.RawGetAsync("/authorize?" + query), await stranger.RawPostAsync("/authorize", query) })
            {
                Assert.True(Wire.StatusOf(answer) == 400, $"{what} in {parameter}: {answer[..Math.Min(answer.Length, 300)]}");
            }
        }

        foreach (var path in new[] { "/token", "/userinfo", "/introspect", "/revoke", "/end-session", "/sign-in", "/register", "/sign-out", "/consent" })
        {
            Assert.Equal(400, Wire.StatusOf(await stranger.RawPostAsync(path, $"client_id={value}&token={value}&access_token={value}&grant_type={value}&email={value}")));
        }

        foreach (var path in new[] { "/sign-in?return_url=", "/sign-in?login_hint=", "/signed-out?act=", "/end-session?state=", "/authorize?posted_request=" })
        {
            Assert.Equal(400, Wire.StatusOf(await stranger.RawGetAsync(path + value)));
        }
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/introspect")]
    [InlineData("/revoke")]
    public async Task Clients_are_told_in_the_words_of_OAuth(string path)
    {
        var answer = await hub.Stranger().RawPostAsync(path, "token=%ff&grant_type=client_credentials");

        Assert.Equal(400, Wire.StatusOf(answer));
        Assert.Contains("\r\nContent-Type: application/json", answer, StringComparison.Ordinal);
        Assert.Contains("\"error\":\"invalid_request\"", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("<html", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\r\nX-Injected: 1")]
    [InlineData("\u0001")]
    [InlineData("\u007f")]
    [InlineData("\u0085")]
    public async Task A_control_character_is_refused_and_reaches_no_header(string value)
    {
        var visitor = await hub.VisitorAsync();
        var request = Requests.Authorize(hub.Notes.Settings);
        request["state"] = "a" + value;

        var reply = await visitor.Wire.GetAsync(Requests.At("/authorize", request));

        Assert.Equal("invalid_request", reply.Error);
        Assert.Null(reply.Header("X-Injected"));
        var basic = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"a\0{value}:b"));
        Assert.Equal(400, (await hub.Stranger().PostAsync("/token", [new("grant_type", "client_credentials")], ("Authorization", $"Basic {basic}"))).Status);
    }

    [Theory]
    [InlineData("Basic !!!")]
    [InlineData("Basic")]
    [InlineData("Basic //79Og==")]
    [InlineData("Bearer")]
    [InlineData("Negotiate abc")]
    public async Task A_broken_Authorization_header_is_the_clients_mistake(string header)
    {
        foreach (var path in new[] { "/token", "/introspect", "/revoke", "/userinfo" })
        {
            Assert.InRange((await hub.Stranger().PostAsync(path, [new("grant_type", "client_credentials"), new("token", "t")], ("Authorization", header))).Status, 400, 401);
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/plain")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("application/x-www-form-urlencoded; charset=no-such")]
    [InlineData("nothing")]
    public async Task Another_content_type_is_refused(string type)
    {
        foreach (var path in new[] { "/authorize", "/token", "/userinfo", "/introspect", "/revoke", "/end-session", "/sign-in", "/register", "/sign-out", "/consent" })
        {
            var status = Wire.StatusOf(await hub.Stranger().RawPostAsync(path, """{"grant_type":"client_credentials"}""", type));
            Assert.True(status is 400 or 401 or 415, $"{path}: {status}");
        }
    }

    [Theory]
    [MemberData(nameof(AllEndpoints))]
    public async Task Another_method_is_refused(string path)
    {
        foreach (var method in new[] { "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH", "CONNECT", "BREW" })
        {
            var answer = await hub.Stranger().RawAsync($"{method} {path} HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nX-Echo: canary\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            var status = Wire.StatusOf(answer);
            Assert.True(status is 400 or 401 or 405 or 501, $"{method}: {status}");
            Assert.DoesNotContain("canary", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/token")]
    [InlineData("/userinfo")]
    [InlineData("/introspect")]
    [InlineData("/revoke")]
    [InlineData("/authorize")]
    [InlineData("/sign-in")]
    [InlineData("/sign-out")]
    public async Task Too_many_fields_and_too_long_a_form_are_refused(string path)
    {
        var many = await hub.Stranger().PostAsync(path, Enumerable.Range(0, 5000).Select(n => KeyValuePair.Create($"f{n}", "")));
        var large = await hub.Stranger().AnnounceAsync(path, 200_000);
        // Too long by one, and not announced: it comes in chunks.
        var chunked = await hub.Stranger().RawAsync(
            $"POST {path} HTTP/1.1\r\nHost: {hub.Address.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n10001\r\n{new string('x', 0x10001)}\r\n0\r\n\r\n");

        Assert.Equal((400, 413, 413), (many.Status, large, Wire.StatusOf(chunked)));
    }

    [Fact]
    public async Task None_of_it_was_a_failure_of_the_hub()
    {
        await A_megabyte_is_refused("state");
        await What_is_not_text_is_refused("NUL", "a%00b");
        await Too_many_fields_and_too_long_a_form_are_refused("/token");

        // Other cases have applications that never confirm, which the hub reports as loudly.
        Assert.DoesNotContain(hub.Hub.Output.Split('\n'), line =>
            line.StartsWith("fail:", StringComparison.Ordinal) && !line.Contains("IdentityHub.BackChannelLogout.DeliverySettler[5013]", StringComparison.Ordinal));
        Assert.DoesNotContain("   at IdentityHub", hub.Hub.Output, StringComparison.Ordinal);
    }
}
