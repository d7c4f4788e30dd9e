using IdentityHub.Client.Diagnostics;
using IdentityHub.Client.Tests.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Client.Tests.Diagnostics;

/// <summary>The log tells what happens, whoever tries to fill it.</summary>
public sealed class LogTests
{
    [Fact]
    public void So_many_lines_a_minute_and_the_next_one_says_how_many_were_left_out()
    {
        var time = new FakeTimeProvider();
        var limit = new LogLimit(time);

        Assert.Equal(LogLimit.LinesPerWindow, Enumerable.Range(0, 100).Count(_ => limit.Allows(out var _)));
        time.Advance(LogLimit.Window - TimeSpan.FromTicks(1));
        Assert.False(limit.Allows(out _));
        time.Advance(TimeSpan.FromTicks(1));

        Assert.True(limit.Allows(out var leftOut));
        Assert.Equal(91, leftOut);
        Assert.True(limit.Allows(out leftOut));
        Assert.Equal(0, leftOut);
    }

    [Fact]
    public async Task Garbage_at_the_receiver_and_at_the_callback_writes_a_bounded_number_of_lines()
    {
        await using var app = await Application.StartAsync();
        using var browser = app.NewBrowser();
        for (var i = 0; i < 50; i++)
        {
            await app.PostLogoutAsync("garbage");
            await browser.GetAsync("/signin-oidc?code=x&state=y");
            await browser.GetAsync("/frontchannel-logout?iss=x");
            using var forwarded = new HttpRequestMessage(HttpMethod.Get, "/sign-in") { Headers = { { "X-Forwarded-Proto", "https" } } };
            await browser.SendAsync(forwarded);
        }

        Assert.Equal(LogLimit.LinesPerWindow, Count("A logout request was refused: The logout token is refused: it is not a JWT. (0 such lines"));
        Assert.Equal(LogLimit.LinesPerWindow, Count("A sign-in did not complete."));
        Assert.Equal(LogLimit.LinesPerWindow, Count("A front-channel logout was refused"));
        Assert.Equal(1, Count("A proxy says that the browser uses https")); // from then on the browser is signed in

        app.Time.Advance(LogLimit.Window);
        await app.PostLogoutAsync("garbage");
        Assert.Equal(1, Count("(40 such lines left out before)"));

        int Count(string text) => app.Log.Lines.Count(line => line.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Neither_a_token_nor_a_cookie_nor_an_address_is_logged()
    {
        await using var app = await Application.StartAsync();
        using var browser = await app.SignInAsync("ada@example.com", "secret-sid");
        var cookie = browser.SessionCookie!;
        var good = app.Provider.LogoutToken(sid: "secret-sid");
        await app.PostLogoutAsync(good);
        await app.PostLogoutAsync(good);
        await app.PostLogoutAsync(app.Provider.Sign(app.Provider.LogoutClaims("secret-sid", "ada@example.com"), "JWT"));
        await browser.GetAsync("/signin-oidc?code=secret-code&state=y");

        var log = string.Join('\n', app.Log.Lines);
        Assert.Contains("The provider ended one session by back-channel logout.", log, StringComparison.Ordinal);
        Assert.All(
            [cookie, good, good.Split('.')[1], "secret-sid", "ada@example.com", "secret-code", app.Provider.LastIdToken!],
            secret => Assert.DoesNotContain(secret, log, StringComparison.Ordinal));
    }
}
