using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack cases 32 and 33: what a request says about where it was sent and where it comes from is believed only from a
/// configured proxy, and about the host never. Mails with links come with issue 4 "Accounts".
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_32_33_host_and_forwarded_headers(AttackedHub hub)
{
    private const string Metadata = "/.well-known/openid-configuration";

    [Theory]
    [InlineData("another host", "GET {path} HTTP/1.1\r\nHost: evil.example\r\n")]
    [InlineData("a host that begins like ours", "GET {path} HTTP/1.1\r\nHost: localhost.evil.example\r\n")]
    [InlineData("two hosts", "GET {path} HTTP/1.1\r\nHost: {host}\r\nHost: evil.example\r\n")]
    [InlineData("two hosts the other way", "GET {path} HTTP/1.1\r\nHost: evil.example\r\nHost: {host}\r\n")]
    [InlineData("an absolute request for another", "GET http://evil.example{path} HTTP/1.1\r\nHost: {host}\r\n")]
    [InlineData("an absolute request of another", "GET http://{host}{path} HTTP/1.1\r\nHost: evil.example\r\n")]
    [InlineData("no host", "GET {path} HTTP/1.1\r\n")]
    [InlineData("user information", "GET {path} HTTP/1.1\r\nHost: localhost@evil.example\r\n")]
    [InlineData("a host folded in", "GET {path} HTTP/1.1\r\n Host: evil.example\r\nHost: {host}\r\n")]
    public async Task Case_32_a_request_for_another_host_is_refused(string what, string request)
    {
        foreach (var path in new[] { Metadata, "/sign-in", "/authorize" })
        {
            var answer = await hub.Stranger().RawAsync(request
                .Replace("{path}", path, StringComparison.Ordinal)
                .Replace("{host}", hub.Address.Authority, StringComparison.Ordinal) + "Connection: close\r\n\r\n");

            Assert.True(Wire.StatusOf(answer) == 400, $"{what}: {answer[..Math.Min(answer.Length, 200)]}");
            Assert.DoesNotContain("evil.example", answer, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("X-Forwarded-Host: evil.example")]
    [InlineData("X-Forwarded-Proto: https")]
    [InlineData("X-Forwarded-Prefix: /evil.example")]
    [InlineData("Forwarded: host=evil.example;proto=https;for=192.0.2.66")]
    [InlineData("X-Original-Host: evil.example")]
    [InlineData("X-Original-URL: /evil.example")]
    [InlineData("X-HTTP-Method-Override: DELETE")]
    public async Task Case_32_what_a_header_says_changes_no_address(string header)
    {
        var stranger = hub.Stranger();
        var (name, value) = (header.Split(": ")[0], header.Split(": ")[1]);
        var usual = await stranger.GetAsync(Metadata);

        var metadata = await stranger.GetAsync(Metadata, (name, value));
        var walk = await stranger.GetAsync(Requests.At("/authorize", Requests.Authorize(hub.Notes.Settings)), (name, value));

        Assert.Equal(usual.Body, metadata.Body);
        Assert.Equal(new Uri(hub.Address, "/sign-in").AbsoluteUri, walk.Location?.GetLeftPart(UriPartial.Path));
        Assert.DoesNotContain("evil", walk.Location!.AbsoluteUri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "192.0.2.66")]
    [InlineData("X-Real-IP", "192.0.2.66")]
    [InlineData("Forwarded", "for=192.0.2.66")]
    [InlineData("True-Client-IP", "192.0.2.66")]
    public async Task Case_33_a_stranger_does_not_choose_the_address_that_is_recorded(string name, string value)
    {
        var visitor = await hub.VisitorAsync();
        var sid = await SignInAgainAsync(visitor, (name, value));

        var recorded = await hub.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.Sid == sid).Select(s => s.IpAddress).SingleAsync());

        Assert.Contains(recorded, new[] { "127.0.0.1", "::1", "::ffff:127.0.0.1" });
    }

    [Fact]
    public async Task Case_33_a_configured_proxy_does_and_still_not_the_host()
    {
        using var folder = new TemporaryFolder();
        var settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = folder.Path,
            RelyingParties = [hub.Notes.Settings],
            More = new Dictionary<string, string?> { ["Hub__TrustedProxies__0"] = "127.0.0.0/8", ["Hub__TrustedProxies__1"] = "::1" },
        };
        await using var behind = await HubProcess.StartAsync(settings);
        await using var inside = new Races.InsideHub(settings);
        var visitor = await Visitor.RegisterAsync(behind.Address, FirstLight.Person.New());
        var sid = await SignInAgainAsync(visitor, ("X-Forwarded-For", "198.51.100.1, 192.0.2.66"), ("X-Forwarded-Host", "evil.example"));

        // The last one is the one the proxy saw; what stands before it came with the request.
        Assert.Equal("192.0.2.66", await inside.AskAsync(db => db.Set<UserSession>().Where(s => s.Sid == sid).Select(s => s.IpAddress).SingleAsync()));
        Assert.DoesNotContain("evil", (await visitor.Wire.GetAsync(Metadata, ("X-Forwarded-Host", "evil.example"))).Body, StringComparison.Ordinal);
    }

    // A new session, opened by a request with these headers.
    private async Task<string> SignInAgainAsync(Visitor visitor, params (string, string)[] headers)
    {
        var browser = new Wire(visitor.Wire.Hub);
        var form = (await browser.GetAsync("/sign-in")).Form("sign-in")!;
        await browser.PostAsync("/sign-in", form.Press("sign-in", ("email", visitor.Person.Email), ("password", visitor.Person.Password)), headers);
        return (await new Faults.HubDriver(visitor.Wire.Hub, browser.Cookies).EnterAsync(hub.Notes.Settings)).Sid;
    }
}
