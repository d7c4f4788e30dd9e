using System.Net;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.FrontChannelLogout;

/// <summary>The front-channel address (Front-Channel Logout 1.0 §2; FCL-06, 08, 11).</summary>
public sealed class FrontChannelTests
{
    [Fact]
    public async Task The_frame_ends_the_session_of_its_cookie_and_a_copy_is_dead()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        using var thief = app.NewBrowser();
        thief.SessionCookie = browser.SessionCookie;

        var answer = await browser.GetAsync(Address(app, app.Provider.Issuer, "s1"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Null(browser.SessionCookie);
        Assert.False(await thief.IsSignedInAsync());
        Assert.Equal("\"cache\"", Assert.Single(answer.Headers.GetValues("Clear-Site-Data")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_answer_is_uncached_and_the_provider_alone_may_frame_it(bool right)
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        var answer = await browser.GetAsync(Address(app, app.Provider.Issuer, right ? "s1" : "s2"));

        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal($"default-src 'none'; frame-ancestors {app.Provider.Issuer}", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.False(answer.Headers.Contains("X-Frame-Options"));
        Assert.True((await browser.GetAsync("/")).Headers.Contains("X-Frame-Options"));
    }

    [Fact]
    public async Task While_the_provider_is_unknown_nobody_may_frame_it_and_the_session_ends_all_the_same()
    {
        await using var app = await Application.StartAsync();
        app.Provider.Down = true;
        using var browser = app.NewBrowser();

        var answer = await browser.GetAsync(Address(app, app.Provider.Issuer, "s1"));

        Assert.Equal("default-src 'none'; frame-ancestors 'none'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("https://elsewhere.example", "s1")]
    [InlineData(null, "s2")]
    [InlineData(null, "")]
    [InlineData("", "s1")]
    public async Task Another_issuer_or_session_ends_nothing(string? iss, string sid)
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(Address(app, iss ?? app.Provider.Issuer, sid))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync("/frontchannel-logout")).StatusCode);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact] // §2: already signed out is success; and whoever only knows a sid ends nothing
    public async Task Without_the_cookie_nothing_ends()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada", "s1");
        using var stranger = app.NewBrowser();

        Assert.Equal(HttpStatusCode.OK, (await stranger.GetAsync(Address(app, app.Provider.Issuer, "s1"))).StatusCode);
        Assert.True(await browser.IsSignedInAsync());
    }

    private static string Address(Application app, string iss, string sid) =>
        $"/frontchannel-logout?iss={Uri.EscapeDataString(iss)}&sid={sid}&from={Uri.EscapeDataString(app.Url.Host)}";
}
