using System.Net;
using IdentityHub.Client.Tests.Testing;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>I7: the logout token arrives while the application is still redeeming the code of the same session.</summary>
public sealed class LateSessionTests
{
    [Theory]
    [InlineData("s1", null)]
    [InlineData("s1", "ada")]
    [InlineData(null, "ada")]
    public async Task A_logout_during_the_redemption_wins_and_the_person_is_told(string? sid, string? sub)
    {
        await using var app = await Application.StartAsync();
        app.Provider.WhileRedeeming = async () =>
        {
            app.Time.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(HttpStatusCode.OK, (await app.PostLogoutAsync(app.Provider.LogoutToken(sid, sub))).StatusCode);
        };
        using var browser = app.NewBrowser();

        var answer = await browser.GetAsync("/private");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("/signed-out", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Contains("id=\"signed-out\"", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Null(browser.SessionCookie);
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Signing_in_anew_afterwards_works()
    {
        await using var app = await Application.StartAsync();
        await app.PostLogoutAsync(app.Provider.LogoutToken(sub: "ada"));
        app.Time.Advance(TimeSpan.FromSeconds(1));

        using var browser = await app.SignInAsync("ada", "s2");

        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task At_no_interleaving_does_a_session_survive_its_logout()
    {
        await using var app = await Application.StartAsync();
        var survivors = new List<int>();
        var (refused, ended) = (0, 0);
        for (var round = 0; round < 60; round++)
        {
            var sid = $"race-{round}";
            (app.Provider.NextSubject, app.Provider.NextSid) = ("ada", sid);
            // Three ways to meet: before the tokens are issued, together with the answer, and after the session began.
            Task<HttpResponseMessage>? logout = null;
            var meet = round % 3;
            app.Provider.WhileRedeeming = async () =>
            {
                logout = meet is 2 ? null : app.PostLogoutAsync(app.Provider.LogoutToken(sid: sid));
                await (meet is 0 ? logout! : Task.CompletedTask);
            };

            using var browser = app.NewBrowser();
            var answer = await browser.GetAsync("/private");
            Assert.Equal(HttpStatusCode.OK, (await (logout ?? app.PostLogoutAsync(app.Provider.LogoutToken(sid: sid)))).StatusCode);

            if (answer.RequestMessage!.RequestUri!.AbsolutePath == "/signed-out")
            {
                refused++;
            }
            else
            {
                ended++;
            }

            if (await browser.IsSignedInAsync())
            {
                survivors.Add(round);
            }
        }

        Assert.Empty(survivors);
        Assert.InRange(refused, 20, 40);
        Assert.InRange(ended, 20, 40);
    }
}
