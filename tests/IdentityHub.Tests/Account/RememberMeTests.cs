using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class RememberMeTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Without_the_wish_the_cookie_dies_with_the_browser_and_the_session_within_a_day()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();

        var answer = await SignInAsync(desk, ada);

        Assert.DoesNotContain("expires", Cookie(answer), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((false, TimeSpan.FromHours(1), TimeSpan.FromHours(24)), await TermsAsync(ada));
    }

    [Fact]
    public async Task With_it_cookie_and_session_last_for_the_time_of_their_own()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();

        var answer = await SignInAsync(desk, ada, ("remember", "on"));

        var until = DateTimeOffset.Parse(Cookie(answer).Split("expires=")[1].Split(';')[0], System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(TimeProvider.System.GetUtcNow().AddDays(30), until, Slack);
        Assert.Equal((true, TimeSpan.FromDays(14), TimeSpan.FromDays(30)), await TermsAsync(ada));
    }

    [Fact]
    public async Task Confirming_ones_identity_keeps_the_terms_and_signing_in_again_chooses_anew()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await SignInAsync(desk, ada, ("remember", "on"));

        var confirmed = await desk.FillAsync("/confirm-identity", ("password", StartedHub.Password), ("return_url", "/"));

        Assert.Contains("expires", Cookie(confirmed), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((true, TimeSpan.FromDays(14), TimeSpan.FromDays(30)), await TermsAsync(ada));
        Assert.Matches("id=\"remember\"[^>]* checked", (await desk.GetAsync("/sign-in")).Text);

        var again = await SignInAsync(desk, ada);

        Assert.DoesNotContain("expires", Cookie(again), StringComparison.OrdinalIgnoreCase);
        Assert.Equal((false, TimeSpan.FromHours(1), TimeSpan.FromHours(24)), await TermsAsync(ada));
    }

    [Fact]
    public async Task Use_moves_the_end_by_the_sessions_own_idle_time()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await SignInAsync(desk, ada, ("remember", "on"));
        var now = TimeProvider.System.GetUtcNow();
        await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now.AddDays(-3)).SetProperty(x => x.ExpiresAt, now.AddDays(11))));

        await desk.GetAsync("/");

        var expires = await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id).Select(s => s.ExpiresAt).SingleAsync());
        Assert.Equal(now.AddDays(14), expires, Slack);
    }

    [Fact]
    public async Task A_refused_sign_in_keeps_the_choice()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();

        var answer = await desk.FillAsync("/sign-in", ("email", ada.Email!), ("password", "not the password"), ("return_url", "/"), ("remember", "on"));

        Assert.Matches("id=\"remember\"[^>]* checked", answer.Text);
    }

    private static Task<Pages.Answer> SignInAsync(Visitor visitor, User user, params (string, string)[] more) =>
        visitor.FillAsync("/sign-in", [("email", user.Email!), ("password", StartedHub.Password), ("return_url", "/"), .. more]);

    private static string Cookie(Pages.Answer answer) =>
        answer.Headers["Set-Cookie"].Split("hub=")[1].Split("samesite", StringSplitOptions.None)[0];

    private Task<(bool, TimeSpan, TimeSpan)> TermsAsync(User user) => hub.DataAsync(async db =>
    {
        var session = await db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.UserId == user.Id);
        return (session.Remembered, session.IdleTimeout, session.AbsoluteTimeout);
    });
}
