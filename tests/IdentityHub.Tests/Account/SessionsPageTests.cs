using System.Net;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Pages;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class SessionsPageTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task Shows_where_the_person_is_signed_in_and_which_one_is_this()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        var atPhone = await OnlyAsync(ada);
        await hub.DataAsync(async db =>
        {
            db.Add(new SessionParticipant { SessionId = atPhone.Id, ClientId = "notes", FirstSeenAt = DateTimeOffset.UnixEpoch, LastCodeAt = DateTimeOffset.UnixEpoch });
            await db.SaveChangesAsync();
            return await db.Set<UserSession>().Where(s => s.Id == atPhone.Id)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.UserAgent, "Mozilla/5.0 (iPhone; <script>) Version/18.5 Mobile/15E148 Safari/604.1").SetProperty(x => x.IpAddress, "192.0.2.7"));
        });
        await desk.SignInAsync(ada);

        var page = await desk.GetAsync("/account/sessions");

        page.Shows("You have 2 sessions.");
        Assert.Matches("(?s)Unknown device</strong><span class=\"badge\">This one.*Safari 18 on iPhone</strong></span>.*Address 192\\.0\\.2\\.7.*Confirmed by password.*<li>Notes &amp; more</li>", page.Text);
        page.Hides("<script>");
        page.Shows("id=\"end-others\"");
        page.Shows("id=\"sign-out\"");
        (await phone.GetAsync("/account/sessions?page=-1")).Shows("You have 2 sessions.");
        Assert.Equal("/account/sessions", (await phone.GetAsync("/account/sessions?page=7")).Location);
    }

    [Fact]
    public async Task Ends_one_and_leaves_the_others()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        using var tablet = hub.Visitor();
        await phone.SignInAsync(ada);
        var atPhone = await OnlyAsync(ada);
        await tablet.SignInAsync(ada);
        await desk.SignInAsync(ada);

        var answer = await EndAsync(desk, "end", ("session", atPhone.Id.ToString()));

        (await desk.GetAsync(answer.Location!)).Shows("The session is over");
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        (await tablet.GetAsync("/")).Shows("Hello");
        (await desk.GetAsync("/")).Shows("Hello");
        Assert.Equal((RevocationReason.SessionEnded, $"user:{ada.Id}"), await ActAsync(atPhone));
        Assert.Equal("/account/sessions", (await EndAsync(desk, "end", ("session", atPhone.Id.ToString()))).Location);
    }

    [Fact]
    public async Task Ending_this_one_is_a_sign_out()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var session = await OnlyAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = desk.SessionCookie;

        var answer = await EndAsync(desk, "end", ("session", session.Id.ToString()));

        Assert.Null(desk.SessionCookie);
        Assert.Equal("\"cache\", \"storage\"", answer.Headers["Clear-Site-Data"]);
        (await desk.GetAsync(answer.Location!)).Shows("You are signed out here.");
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        Assert.Equal(RevocationReason.SignedOut, (await ActAsync(session)).Reason);
    }

    [Fact]
    public async Task Ends_all_others()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        var atPhone = await OnlyAsync(ada);
        await desk.SignInAsync(ada);

        var answer = await EndAsync(desk, "end-others");

        (await desk.GetAsync(answer.Location!)).Shows("One session has ended. You are still signed in here.");
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal(RevocationReason.SignedOutOthers, (await ActAsync(atPhone)).Reason);
        (await desk.GetAsync("/account/sessions")).Shows("You are signed in here and nowhere else.");
    }

    [Fact]
    public async Task Ends_all()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        var atPhone = await OnlyAsync(ada);
        await desk.SignInAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = desk.SessionCookie;

        var answer = await EndAsync(desk, "end-all");

        Assert.Null(desk.SessionCookie);
        (await desk.GetAsync(answer.Location!)).Shows("2 sessions have ended. You are signed out here.");
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        Assert.Equal(RevocationReason.SignedOutEverywhere, (await ActAsync(atPhone)).Reason);
    }

    [Fact]
    public async Task The_session_of_somebody_else_does_not_exist()
    {
        var (ada, bob) = (await hub.PersonAsync(), await hub.PersonAsync("Bob"));
        using var desk = hub.Visitor();
        using var others = hub.Visitor();
        await others.SignInAsync(bob);
        await desk.SignInAsync(ada);

        foreach (var id in new[] { (await OnlyAsync(bob)).Id.ToString(), Guid.CreateVersion7().ToString(), "nonsense", "" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await EndAsync(desk, "end", ("session", id))).Status);
        }

        (await others.GetAsync("/")).Shows("Hello, Bob");
        (await desk.GetAsync("/account/sessions")).Hides((await OnlyAsync(bob)).Id.ToString());
    }

    [Theory]
    [InlineData("end")]
    [InlineData("end-others")]
    [InlineData("end-all")]
    public async Task A_form_of_another_site_ends_nothing(string act)
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        var answer = await desk.PostAsync($"/account/sessions/{act}", ("session", (await OnlyAsync(ada)).Id.ToString()));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        (await desk.GetAsync("/")).Shows("Hello");
    }

    private static async Task<Answer> EndAsync(Visitor browser, string act, params (string, string)[] fields) => await browser.PostAsync(
        $"/account/sessions/{act}", [("__RequestVerificationToken", (await browser.GetAsync("/account/sessions")).FormToken!), .. fields]);

    private Task<UserSession> OnlyAsync(User user) => hub.DataAsync(db => db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.UserId == user.Id));

    private async Task<(RevocationReason Reason, string Initiator)> ActAsync(UserSession session)
    {
        var act = await hub.DataAsync(async db => await db.Set<RevocationRecord>().SingleAsync(
            r => db.Set<UserSession>().Any(s => s.Id == session.Id && s.RevocationId == r.Id)));
        return (act.Reason, act.Initiator);
    }
}
