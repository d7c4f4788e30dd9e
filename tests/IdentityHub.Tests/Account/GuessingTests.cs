using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Audit;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class GuessingTests : IClassFixture<StartedHub>
{
    private readonly StartedHub _hub;

    public GuessingTests(StartedHub hub)
    {
        _hub = hub;
        hub.Clock.Stop();
    }

    [Fact]
    public async Task Wrong_passwords_are_slowed_down_alike_whether_the_account_exists_or_not()
    {
        var ada = await _hub.PersonAsync();
        using var browser = _hub.Visitor();

        var known = await GuessAsync(browser, ada);
        var unknown = await GuessAsync(browser, new User { Email = $"{Guid.CreateVersion7():N}@example.com" });

        Assert.Equal(HttpStatusCode.TooManyRequests, known.Status);
        known.Shows("Too many wrong attempts. Try again in 10 seconds.");
        known.Shows($"value=\"{ada.Email}\"");
        Assert.Equal("10", known.Headers["Retry-After"]);
        Assert.Equal(known.Status, unknown.Status);
        Assert.Equal(Regex.Replace(known.Text, "value=\"[^\"]*\"", ""), Regex.Replace(unknown.Text, "value=\"[^\"]*\"", ""));
        Assert.Equal("""{"what":"password","seconds":10}""", await _hub.DataAsync(db => db.Set<AuditEntry>()
            .Where(e => e.UserId == ada.Id && e.Action == "guesses_throttled").Select(e => e.Details).SingleAsync()));
    }

    [Fact]
    public async Task The_right_password_has_to_wait_as_well_and_is_let_in_afterwards()
    {
        var ada = await _hub.PersonAsync();
        using var browser = _hub.Visitor();
        await GuessAsync(browser, ada);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.SignInAsync(ada)).Status);
        _hub.Clock.Move(TimeSpan.FromSeconds(10));
        Assert.Equal("/", (await browser.SignInAsync(ada)).Location);
        // And starts with nothing held against it.
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync(ada, "not the password")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync(ada, "not the password")).Status);
    }

    [Fact]
    public async Task Who_has_signed_in_here_before_is_not_locked_out_by_others_and_no_session_ends()
    {
        var ada = await _hub.PersonAsync();
        using var desk = _hub.Visitor();
        using var signedIn = _hub.Visitor();
        await desk.SignInAsync(ada);
        await signedIn.SignInAsync(ada);
        await desk.PostFromAsync("/", "/sign-out");
        using var stranger = _hub.Visitor();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await GuessAsync(stranger, ada)).Status);

        (await signedIn.GetAsync("/")).Shows("Hello");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await stranger.SignInAsync(ada)).Status);
        Assert.Equal("/", (await desk.SignInAsync(ada)).Location);
    }

    [Fact]
    public async Task A_planted_device_cookie_is_replaced_at_the_sign_in()
    {
        var (ada, mallory) = (await _hub.PersonAsync(), await _hub.PersonAsync("Mallory"));
        using var attacker = _hub.Visitor();
        await attacker.SignInAsync(mallory);
        using var victim = _hub.Visitor();
        var planted = attacker.DeviceCookie;
        victim.DeviceCookie = planted;

        await victim.SignInAsync(ada);

        Assert.NotEqual(planted, victim.DeviceCookie);
        await GuessAsync(attacker, ada);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await attacker.SignInAsync(ada, "not the password")).Status);
    }

    [Theory]
    [InlineData("/confirm-identity", "password")]
    [InlineData("/account/password", "current")]
    public async Task Who_holds_a_session_guesses_no_faster(string path, string field)
    {
        var ada = await _hub.PersonAsync();
        using var browser = _hub.Visitor();
        using var other = _hub.Visitor();
        await browser.SignInAsync(ada);
        await other.SignInAsync(ada);
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.FillAsync(path, (field, "not the password"), ("chosen", "four quite different words"))).Status);
        }

        var refused = await browser.FillAsync(path, (field, StartedHub.Password), ("chosen", "four quite different words"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        refused.Shows("Too many wrong attempts. Try again in 10 seconds.");
        Assert.Equal("10", refused.Headers["Retry-After"]);
        // The other session of the same person is another matter.
        Assert.Equal(HttpStatusCode.SeeOther, (await other.FillAsync(path, (field, StartedHub.Password), ("chosen", "four quite different words"))).Status);
    }

    private static async Task<Pages.Answer> GuessAsync(Visitor browser, User user)
    {
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.SignInAsync(user, "not the password")).Status);
        }

        return await browser.SignInAsync(user, "not the password");
    }
}
