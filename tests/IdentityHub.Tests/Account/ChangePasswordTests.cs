using System.Net;
using IdentityHub.Account;
using IdentityHub.Audit;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Pages;
using IdentityHub.Users;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class ChangePasswordTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private const string Other = "four quite different words";

    [Fact]
    public async Task It_ends_the_other_sessions_and_all_tokens_and_gives_this_one_a_new_cookie()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        var token = await OfflineTokenAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = desk.SessionCookie;

        var answer = await ChangeAsync(desk);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        (await desk.GetAsync("/")).Shows("Hello, Ada Lovelace");
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        Assert.Equal("revoked", await hub.DataAsync(db => db.Set<IssuedToken>().Where(t => t.Id == token).Select(t => t.Status).SingleAsync()));
        using var later = hub.Visitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await later.SignInAsync(ada)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SignInAsync(ada, Other)).Status);
        var act = Assert.Single(await ActsAsync(ada));
        Assert.Equal((RevocationReason.PasswordChanged, $"user:{ada.Id}", 1), (act.Reason, act.Initiator, act.Sessions));
        Assert.Contains("password_changed", await AuditAsync(ada));
        (await desk.GetAsync(answer.Location!)).Shows("Your password is changed");
    }

    [Fact]
    public async Task It_ends_this_session_as_well_where_the_person_says_so()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = desk.SessionCookie;

        var answer = await ChangeAsync(desk, more: ("end_this", "on"));

        Assert.Null(desk.SessionCookie);
        Assert.Equal("\"cache\", \"storage\"", answer.Headers["Clear-Site-Data"]);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal(2, Assert.Single(await ActsAsync(ada)).Sessions);
        var page = await desk.GetAsync(answer.Location!);
        page.Shows("You are signed out here.");
        page.Hides(ada.Email!);
        page.Hides("Ada Lovelace");
    }

    [Fact]
    public async Task The_page_says_what_will_end()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        (await desk.GetAsync("/account/password")).Shows("You are signed in nowhere else.");
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        (await desk.GetAsync("/account/password")).Shows("Your other session ends");
        await OpenNotesAsync(phone);

        var page = await desk.GetAsync("/account/password");

        page.Shows("Your other session ends");
        page.Shows("<li>Notes &amp; more</li>");
        (await phone.GetAsync("/account/password")).Hides("<li>Notes");
    }

    [Fact]
    public async Task Afterwards_each_application_is_shown_as_it_is_and_nobody_elses()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await OpenNotesAsync(phone);
        await desk.SignInAsync(ada);

        var address = (await ChangeAsync(desk)).Location!;

        var page = await desk.GetAsync(address);
        page.Shows("One session has ended. You are still signed in here.");
        page.Shows("<strong>Notes &amp; more</strong>");
        page.Shows("Cannot be told: sign out there as well");
        page.Shows("The application has not confirmed it.");
        Assert.Equal(HttpStatusCode.NotFound, (await desk.GetAsync(address[..^3])).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.GetAsync($"{WhatEnded.Path}?act={Guid.CreateVersion7()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await desk.GetAsync(WhatEnded.Path)).Status);
    }

    [Fact]
    public async Task The_live_answers_end_when_all_is_known()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await OpenNotesAsync(phone);
        await desk.SignInAsync(ada);
        var address = (await ChangeAsync(desk)).Location!;

        var events = await desk.GetAsync(address.Replace("/ended?", "/ended/live?", StringComparison.Ordinal));

        Assert.StartsWith("text/event-stream", events.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("no-store", events.Headers["Cache-Control"], StringComparison.Ordinal);
        events.Shows("event: state\ndata: <p class=\"lead\">The application has not confirmed it.</p>");
        events.Shows("event: over\n");
    }

    [Theory]
    [InlineData("not the password", Other, HttpStatusCode.Unauthorized, "This is not your password.")]
    [InlineData("", Other, HttpStatusCode.BadRequest, "Enter the password you have now.")]
    [InlineData(StartedHub.Password, "short", HttpStatusCode.BadRequest, "Your password is too short; use at least 8 characters.")]
    [InlineData(StartedHub.Password, StartedHub.Password, HttpStatusCode.BadRequest, "This is the password you have now; choose another.")]
    public async Task What_cannot_be_done_is_said_beside_the_field_and_changes_nothing(string current, string chosen, HttpStatusCode status, string words)
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);

        var answer = await ChangeAsync(desk, current, chosen, ("end_this", "on"));

        Assert.Equal(status, answer.Status);
        answer.Shows(words);
        Assert.Matches("name=\"end_this\"[^>]* checked", answer.Text);
        answer.Hides(StartedHub.Password);
        answer.Hides(Other);
        (await phone.GetAsync("/")).Shows("Hello");
        (await desk.GetAsync("/")).Shows("Hello");
        using var later = hub.Visitor();
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SignInAsync(ada)).Status);
        Assert.Empty(await ActsAsync(ada));
    }

    [Fact]
    public async Task A_wrong_password_is_kept_in_the_audit()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        await ChangeAsync(desk, "not the password");

        Assert.Contains("password_change_refused", await AuditAsync(ada));
    }

    [Fact]
    public async Task A_request_whose_session_was_ended_meanwhile_changes_nothing()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        var stolen = await SessionAsync(phone);
        await hub.ServiceAsync((SessionRevoker revoker) => revoker.EndSessionAsync(stolen.Id, RevocationReason.SessionEnded, Initiator.Person(ada.Id)));
        var session = new CurrentSession(stolen.Id, stolen.Sid, ada.Id, ada.DisplayName, ada.Email!, stolen.AuthenticatedAt, "pwd", stolen.LastSeenAt, stolen.ExpiresAt, stolen.AbsoluteExpiresAt, new SessionOptions().Terms(false));

        var changed = await hub.ServiceAsync((PasswordChange change) => change.ChangeAsync(new DefaultHttpContext(), session, StartedHub.Password, Other, false));

        Assert.Null(changed.Ended);
        Assert.False(changed.WrongPassword);
        (await desk.GetAsync("/")).Shows("Hello");
        using var later = hub.Visitor();
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SignInAsync(ada)).Status);
    }

    private static Task<Answer> ChangeAsync(Visitor browser, string current = StartedHub.Password, string chosen = Other, params (string, string)[] more) =>
        browser.FillAsync("/account/password", [("current", current), ("chosen", chosen), .. more]);

    private async Task<string> OfflineTokenAsync(User user)
    {
        var (grant, token) = (new Grant { Id = $"{Guid.CreateVersion7()}", Subject = user.Subject, Status = "valid", Offline = true }, new IssuedToken { Id = $"{Guid.CreateVersion7()}", Subject = user.Subject, Status = "valid" });
        token.Authorization = grant;
        await hub.DataAsync(async db =>
        {
            db.AddRange(grant, token);
            return await db.SaveChangesAsync();
        });
        return token.Id!;
    }

    private async Task OpenNotesAsync(Visitor browser)
    {
        var session = await SessionAsync(browser);
        await hub.DataAsync(async db =>
        {
            db.Add(new SessionParticipant { SessionId = session.Id, ClientId = "notes", FirstSeenAt = DateTimeOffset.UnixEpoch, LastCodeAt = DateTimeOffset.UnixEpoch });
            return await db.SaveChangesAsync();
        });
    }

    private Task<UserSession> SessionAsync(Visitor browser)
    {
        var hash = SessionCookie.Hash(browser.SessionCookie);
        return hub.DataAsync(db => db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.CookieHash == hash));
    }

    private Task<List<RevocationRecord>> ActsAsync(User user) => hub.DataAsync(db => db.Set<RevocationRecord>().AsNoTracking().Where(r => r.UserId == user.Id).ToListAsync());

    private Task<List<string>> AuditAsync(User user) => hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == user.Id).Select(e => e.Action).ToListAsync());
}
