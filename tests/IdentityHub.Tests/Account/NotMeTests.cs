using System.Net;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class NotMeTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task One_confirmation_ends_everything_voids_the_password_and_starts_a_reset()
    {
        var ada = await hub.PersonAsync();
        using var thief = hub.Visitor();
        await thief.SignInAsync(ada);
        await thief.FillAsync("/account/password", ("current", StartedHub.Password), ("chosen", "the words of a thief"));
        var link = Mailbox.Link(await hub.Mail.WaitAsync(ada.Email!, "Your password at IdentityHub was changed"), "/not-me");
        var token = $"{Guid.CreateVersion7()}";
        await hub.DataAsync(async db =>
        {
            db.Add(new IssuedToken
            {
                Id = token,
                Subject = ada.Subject,
                Status = "valid",
                Authorization = new Grant { Id = $"{Guid.CreateVersion7()}", Subject = ada.Subject, Status = "valid", Offline = true },
            });
            return await db.SaveChangesAsync();
        });
        using var owner = hub.Visitor();
        (await owner.GetAsync(link)).Shows("End everything");
        (await thief.GetAsync("/")).Shows("Hello");

        var answer = await owner.FillAsync(link, ("link", Mailbox.Secret(link)));

        var page = await owner.GetAsync(answer.Location!);
        page.Shows("Everything has ended");
        page.Shows("We have sent you a link to choose a new password.");
        Assert.Equal("/sign-in", (await thief.GetAsync("/")).Location);
        Assert.Equal("revoked", await hub.DataAsync(db => db.Set<IssuedToken>().Where(t => t.Id == token).Select(t => t.Status).SingleAsync()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.SignInAsync(ada, "the words of a thief")).Status);
        Assert.Equal(HttpStatusCode.Gone, (await owner.GetAsync(link)).Status);
        var acts = await hub.DataAsync(db => db.Set<RevocationRecord>().Where(r => r.UserId == ada.Id).OrderBy(r => r.Id).Select(r => r.Reason).ToListAsync());
        Assert.Equal([RevocationReason.PasswordChanged, RevocationReason.ReportedByPerson], acts);
        var reset = Mailbox.Link(await hub.Mail.WaitAsync(ada.Email!, "Choose a new password"), "/reset-password");
        await owner.FillAsync(reset, ("link", Mailbox.Secret(reset)), ("chosen", "four quite different words"));
        Assert.Equal(HttpStatusCode.SeeOther, (await owner.SignInAsync(ada, "four quite different words")).Status);
    }

    [Theory]
    [InlineData("/not-me")]
    [InlineData("/restore-email")]
    [InlineData("/reset-password")]
    [InlineData("/confirm-email")]
    [InlineData("/account/email/confirm")]
    public async Task A_link_that_is_none_says_so_and_nothing_else(string path)
    {
        using var browser = hub.Visitor();
        foreach (var address in new[] { path, $"{path}?link=", $"{path}?link={new string('A', 43)}", $"{path}?link=x&link=y" })
        {
            var answer = await browser.GetAsync(address);
            Assert.Equal(HttpStatusCode.Gone, answer.Status);
            answer.Shows("id=\"link-gone\"");
            Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"]);
        }
    }
}
