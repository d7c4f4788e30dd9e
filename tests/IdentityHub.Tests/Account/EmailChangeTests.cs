using System.Net;
using IdentityHub.Revocation;
using IdentityHub.Tests.Pages;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class EmailChangeTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private const string Chosen = "four quite different words";

    [Fact]
    public async Task The_address_changes_when_the_new_one_is_confirmed_and_the_other_sessions_end()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        var target = NewEmail();
        var link = await AskAsync(desk, target);
        using var copy = hub.Visitor();
        copy.SessionCookie = desk.SessionCookie;

        (await desk.GetAsync(link)).Shows("Your other session ends, and all access");
        (await desk.GetAsync("/")).Shows(ada.Email!);
        var answer = await ConfirmAsync(desk, link);

        (await desk.GetAsync(answer.Location!)).Shows("Your e-mail address is changed");
        (await desk.GetAsync("/")).Shows(target);
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        Assert.Equal(HttpStatusCode.Gone, (await desk.GetAsync(link)).Status);
        var act = await hub.DataAsync(db => db.Set<RevocationRecord>().SingleAsync(r => r.UserId == ada.Id));
        Assert.Equal((RevocationReason.EmailChanged, 1), (act.Reason, act.Sessions));
        using var later = hub.Visitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await later.SignInAsync(ada)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SignInAsync(new User { Email = target })).Status);
        await hub.Mail.WaitAsync(target, "This is your e-mail address at IdentityHub now");
        await hub.Mail.WaitAsync(ada.Email!, "Your account at IdentityHub has another e-mail address now");
    }

    [Fact]
    public async Task The_person_may_end_this_session_as_well()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var link = await AskAsync(desk, NewEmail());
        using var copy = hub.Visitor();
        copy.SessionCookie = desk.SessionCookie;

        await ConfirmAsync(desk, link, ("end_this", "on"));

        Assert.Null(desk.SessionCookie);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
    }

    [Fact]
    public async Task The_old_mailbox_has_a_way_back_that_throws_the_thief_out()
    {
        var ada = await hub.PersonAsync();
        using var thief = hub.Visitor();
        await thief.SignInAsync(ada);
        var target = NewEmail();
        await ConfirmAsync(thief, await AskAsync(thief, target));
        var back = Mailbox.Link(await hub.Mail.WaitAsync(ada.Email!, "has another e-mail address now"), "/restore-email");
        var thiefsNotMe = Mailbox.Link(await hub.Mail.WaitAsync(target, "This is your e-mail address"), "/not-me");
        using var owner = hub.Visitor();

        (await owner.GetAsync(back)).Shows(ada.Email!);
        (await owner.GetAsync(back)).Shows("id=\"not-me\"");
        var answer = await owner.FillAsync(back, ("link", Mailbox.Secret(back)));

        (await owner.GetAsync(answer.Location!)).Shows("Everything has ended");
        Assert.Equal("/sign-in", (await thief.GetAsync("/")).Location);
        Assert.Equal(HttpStatusCode.Gone, (await thief.GetAsync(thiefsNotMe)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await owner.GetAsync(back)).Status);
        using var later = hub.Visitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await later.SignInAsync(new User { Email = target })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await later.SignInAsync(ada)).Status);
        var reset = Mailbox.Link(await hub.Mail.WaitAsync(ada.Email!, "Choose a new password"), "/reset-password");
        await owner.FillAsync(reset, ("link", Mailbox.Secret(reset)), ("chosen", Chosen));
        Assert.Equal(HttpStatusCode.SeeOther, (await later.SignInAsync(ada, Chosen)).Status);
    }

    [Fact]
    public async Task Another_persons_address_is_not_revealed_and_its_owner_is_told()
    {
        var ada = await hub.PersonAsync();
        var bob = await hub.PersonAsync();
        var free = NewEmail();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        var taken = await desk.FillAsync("/account/email", ("email", bob.Email!));
        var usual = await desk.FillAsync("/account/email", ("email", free));

        Assert.Equal(usual.Text.Replace(free, "?", StringComparison.Ordinal), taken.Text.Replace(bob.Email!, "?", StringComparison.Ordinal));
        Assert.Equal(usual.Status, taken.Status);
        var mail = await hub.Mail.WaitAsync(bob.Email!, "Somebody wanted to use your e-mail address");
        Assert.DoesNotContain("link=", mail.TextBody, StringComparison.Ordinal);
        Assert.DoesNotContain(ada.Email!, mail.TextBody, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_elses_unconfirmed_registration_does_not_stand_in_the_way()
    {
        var squatter = await hub.PersonAsync("Mallory", u => u.EmailConfirmed = false);
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        await ConfirmAsync(desk, await AskAsync(desk, squatter.Email!));

        (await desk.GetAsync("/")).Shows(squatter.Email!);
        Assert.Equal([ada.Id], await hub.DataAsync(db => db.Users.Where(u => u.Email == squatter.Email).Select(u => u.Id).ToListAsync()));
    }

    [Fact]
    public async Task An_address_that_became_anothers_meanwhile_is_not_taken()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        var target = NewEmail();
        var link = await AskAsync(desk, target);
        await hub.PersonAsync("Bob", u => (u.Email, u.UserName) = (target, target));

        Assert.Equal(HttpStatusCode.Gone, (await ConfirmAsync(desk, link)).Status);
        (await desk.GetAsync("/")).Shows(ada.Email!);
    }

    [Theory]
    [InlineData("", "Enter your e-mail address.")]
    [InlineData("nobody", "This is not an e-mail address; it looks like name@example.com.")]
    [InlineData(null, "This is the address you have now; enter another.")]
    public async Task What_cannot_be_is_said_beside_the_field(string? email, string error)
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        var answer = await desk.FillAsync("/account/email", ("email", email ?? ada.Email!));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows(error);
    }

    private async Task<string> AskAsync(Visitor browser, string target)
    {
        (await browser.FillAsync("/account/email", ("email", target))).Shows("id=\"check-mailbox\"");
        return Mailbox.Link(await hub.Mail.WaitAsync(target, "Confirm your new e-mail address"), "/account/email/confirm");
    }

    private static Task<Answer> ConfirmAsync(Visitor browser, string link, params (string, string)[] more) =>
        browser.FillAsync(link, [("link", Mailbox.Secret(link)), .. more]);

    private static string NewEmail() => $"{Guid.CreateVersion7():N}@example.com";
}
