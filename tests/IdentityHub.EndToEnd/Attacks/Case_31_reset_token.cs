using System.Net;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Mail;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 31, the reset token: everything somebody can try with a link that resets a password.</summary>
[Collection(nameof(MailedHub))]
public sealed class Case_31_reset_token(MailedHub hub)
{
    private const string Chosen = "four quite different words";

    [Fact]
    public async Task Looking_is_free_and_use_is_once()
    {
        var person = await hub.PersonAsync();
        var link = await hub.ResetLinkAsync(person);
        for (var scan = 0; scan < 5; scan++)
        {
            Assert.True((await hub.Surfer().GetAsync(link)).Shows("reset-password"));
        }

        Assert.True((await ResetAsync(link)).Shows("ended"));

        await AssertGoneAsync(link);
        Assert.True((await hub.Surfer().SignInAsync(person, Chosen)).Shows("sign-out"));
    }

    [Fact]
    public async Task Only_the_latest_works()
    {
        var person = await hub.PersonAsync();
        var first = await hub.ResetLinkAsync(person);
        var second = await hub.ResetLinkAsync(person, 2);

        await AssertGoneAsync(first);
        Assert.True((await ResetAsync(second)).Shows("ended"));
    }

    [Fact]
    public async Task A_password_change_voids_it()
    {
        var person = await hub.PersonAsync();
        var link = await hub.ResetLinkAsync(person);
        var browser = hub.Surfer();
        await browser.SignInAsync(person);

        await browser.SubmitAsync("/account/password", "change-password", ("current", person.Password), ("chosen", Chosen));

        await AssertGoneAsync(link);
    }

    [Fact]
    public async Task An_expired_one_is_none()
    {
        var person = await hub.PersonAsync();
        var link = await hub.ResetLinkAsync(person);
        await hub.Inside.AskAsync(db => db.Set<MailedLink>().Where(l => l.Purpose == LinkPurpose.ResetPassword && db.Users.Any(u => u.Id == l.UserId && u.Email == person.Email))
            .ExecuteUpdateAsync(l => l.SetProperty(x => x.ExpiresAt, TimeProvider.System.GetUtcNow().AddSeconds(-1))));

        await AssertGoneAsync(link);
    }

    [Fact]
    public async Task It_resets_nobody_elses_password()
    {
        var (person, other) = (await hub.PersonAsync(), await hub.PersonAsync());
        var link = await hub.ResetLinkAsync(person);
        var signedIn = hub.Surfer();
        await signedIn.SignInAsync(other);

        await signedIn.SubmitAsync(link, "reset-password", ("chosen", Chosen));

        Assert.True(await signedIn.IsSignedInAsync());
        Assert.True((await hub.Surfer().SignInAsync(other)).Shows("sign-out"));
        Assert.False((await hub.Surfer().SignInAsync(other, Chosen)).Shows("sign-out"));
    }

    [Theory]
    [InlineData("/reset-password?link=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("/reset-password?link=")]
    [InlineData("/reset-password")]
    public Task A_guess_is_answered_like_one_that_was_used(string guess) => AssertGoneAsync(guess);

    [Fact]
    public async Task Every_session_ends_nobody_is_signed_in_and_the_second_factor_stays()
    {
        var person = await hub.PersonAsync();
        var thief = hub.Surfer();
        await thief.SignInAsync(person);
        var link = await hub.ResetLinkAsync(person);
        await hub.Inside.AskAsync(db => db.Users.Where(u => u.Email == person.Email).ExecuteUpdateAsync(u => u.SetProperty(x => x.TwoFactorEnabled, true)));
        var browser = hub.Surfer();

        await browser.SubmitAsync(link, "reset-password", ("chosen", Chosen));

        Assert.False(await thief.IsSignedInAsync());
        Assert.False(await browser.IsSignedInAsync());
        Assert.True((await browser.SignInAsync(person, Chosen)).Shows("code"));
        Assert.False(await browser.IsSignedInAsync());
        await hub.Mail.WaitAsync(person.Email, "Your password at IdentityHub was replaced");
    }

    [Fact]
    public async Task Nothing_of_it_leaks_by_the_referrer_or_by_the_log()
    {
        var person = await hub.PersonAsync();
        var link = await hub.ResetLinkAsync(person);

        var reply = await new Wire(hub.Hub.Address).GetAsync(link);

        Assert.Equal("no-referrer", reply.Header("Referrer-Policy"));
        Assert.DoesNotContain("=\"http", reply.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(Mailbox.Secret(link), hub.Hub.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(person.Email, hub.Hub.Output, StringComparison.Ordinal);
    }

    private Task<Page> ResetAsync(string link) => hub.Surfer().SubmitAsync(link, "reset-password", ("chosen", Chosen));

    private async Task AssertGoneAsync(string link)
    {
        var page = await hub.Surfer().GetAsync(link);
        Assert.Equal(HttpStatusCode.Gone, page.Status);
        Assert.True(page.Shows("link-gone"));
    }
}
