using System.Net;
using IdentityHub.Audit;
using IdentityHub.Mail;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Tests.Pages;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class PasswordResetTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private const string Chosen = "four quite different words";

    [Fact]
    public async Task It_ends_everything_signs_nobody_in_and_tells_the_person()
    {
        var ada = await hub.PersonAsync(with: u => u.TwoFactorEnabled = true);
        var token = await OfflineTokenAsync(ada);
        using var browser = hub.Visitor();
        var link = await AskAsync(browser, ada);

        var answer = await ResetAsync(browser, link);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Null(browser.SessionCookie);
        (await browser.GetAsync(answer.Location!)).Shows("Your new password is set");
        Assert.Equal("revoked", await hub.DataAsync(db => db.Set<IssuedToken>().Where(t => t.Id == token).Select(t => t.Status).SingleAsync()));
        var act = await hub.DataAsync(db => db.Set<RevocationRecord>().SingleAsync(r => r.UserId == ada.Id));
        Assert.Equal((RevocationReason.PasswordReset, $"user:{ada.Id}"), (act.Reason, act.Initiator));
        Assert.Equal(
            ["password_reset_requested", "password_reset", "grants_revoked"],
            await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == ada.Id).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync()));
        var notice = await hub.Mail.WaitAsync(ada.Email!, "Your password at IdentityHub was replaced");
        (await browser.GetAsync(Mailbox.Link(notice, "/not-me"))).Shows("id=\"not-me\"");
        // ASVS 6.4.3.
        Assert.True((await FindAsync(ada)).TwoFactorEnabled);
    }

    [Fact]
    public async Task The_new_password_signs_in_and_the_old_one_does_not()
    {
        var ada = await hub.PersonAsync(with: u => u.EmailConfirmed = false);
        using var desk = hub.Visitor();
        using var browser = hub.Visitor();

        // Who follows the link has the mailbox, and thereby confirms it.
        await ResetAsync(browser, await AskAsync(browser, ada));

        Assert.Equal(HttpStatusCode.Unauthorized, (await desk.SignInAsync(ada)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await desk.SignInAsync(ada, Chosen)).Status);
    }

    [Fact]
    public async Task In_a_browser_that_is_signed_in_the_session_is_over_too()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = browser.SessionCookie;

        await ResetAsync(browser, await AskAsync(browser, ada));

        Assert.Null(browser.SessionCookie);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
    }

    [Fact]
    public async Task Known_and_unknown_are_answered_alike_and_the_unknown_get_nothing()
    {
        var ada = await hub.PersonAsync();
        var disabled = await hub.PersonAsync(with: u => u.DisabledAt = DateTimeOffset.UnixEpoch);
        var unknown = $"{Guid.CreateVersion7():N}@example.com";
        using var browser = hub.Visitor();
        List<string> answers = [];
        foreach (var email in new[] { ada.Email!, disabled.Email!, unknown })
        {
            var answer = await browser.FillAsync("/forgot-password", ("email", email));
            answers.Add($"{answer.Status} {answer.Text.Replace(email, "?", StringComparison.Ordinal)}");
        }

        Assert.Single(answers.Distinct());
        await hub.Mail.WaitAsync(ada.Email!, "Choose a new password");
        Assert.Empty(await hub.Mail.ToAsync(unknown));
        Assert.Empty(await hub.Mail.ToAsync(disabled.Email!));
        foreach (var email in new[] { disabled.Email!, unknown })
        {
            var hash = MailSeal.Hash(email);
            Assert.Equal(MailState.Withheld, await hub.DataAsync(db => db.Set<QueuedMail>().Where(m => m.RecipientHash == hash).Select(m => m.State).SingleAsync()));
        }
    }

    [Fact]
    public async Task A_password_that_is_refused_keeps_the_link()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        var link = await AskAsync(browser, ada);

        var refused = await ResetAsync(browser, link, "password");

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        refused.Shows("This is one of the most used passwords, or close to one;");
        refused.Shows($"value=\"{Mailbox.Secret(link)}\"");
        Assert.Equal(HttpStatusCode.SeeOther, (await ResetAsync(browser, link)).Status);
    }

    [Theory]
    [InlineData("", "Enter your e-mail address.")]
    [InlineData("nobody", "This is not an e-mail address; it looks like name@example.com.")]
    public async Task What_is_no_address_is_said_beside_the_field(string email, string error)
    {
        using var browser = hub.Visitor();

        var answer = await browser.FillAsync("/forgot-password", ("email", email));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows(error);
    }

    private async Task<string> AskAsync(Visitor browser, User user)
    {
        (await browser.FillAsync("/forgot-password", ("email", user.Email!))).Shows("id=\"check-mailbox\"");
        return Mailbox.Link(await hub.Mail.WaitAsync(user.Email!, "Choose a new password"), "/reset-password");
    }

    private static Task<Answer> ResetAsync(Visitor browser, string link, string chosen = Chosen) =>
        browser.FillAsync(link, ("link", Mailbox.Secret(link)), ("chosen", chosen));

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

    private Task<User> FindAsync(User user) => hub.DataAsync(db => db.Users.AsNoTracking().SingleAsync(u => u.Id == user.Id));
}
