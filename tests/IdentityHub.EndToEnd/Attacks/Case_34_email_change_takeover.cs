using System.Net;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 34, taking an account over by changing its address.</summary>
[Collection(nameof(MailedHub))]
public sealed class Case_34_email_change_takeover(MailedHub hub)
{
    [Fact]
    public async Task A_stolen_cookie_is_asked_who_it_is_first()
    {
        var person = await hub.PersonAsync();
        var browser = hub.Surfer();
        await browser.SignInAsync(person);
        await hub.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.User!.Email == person.Email)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.AuthenticatedAt, TimeProvider.System.GetUtcNow().AddMinutes(-6))));

        var page = await browser.Copy().GetAsync("/account/email");

        Assert.True(page.Shows("confirm"));
        Assert.False(page.Shows("change-email"));
    }

    [Fact]
    public async Task The_link_is_the_persons_and_once()
    {
        var (person, other) = (await hub.PersonAsync(), await hub.PersonAsync());
        var (browser, stranger) = (hub.Surfer(), hub.Surfer());
        await browser.SignInAsync(person);
        await stranger.SignInAsync(other);
        var target = Person.New().Email;
        var link = await AskAsync(browser, target);

        Assert.Equal(HttpStatusCode.Gone, (await stranger.GetAsync(link)).Status);
        // Whoever is signed in nowhere is asked to sign in, and nothing is changed.
        Assert.True((await hub.Surfer().GetAsync(link)).Shows("sign-in"));
        Assert.True((await browser.SubmitAsync(link, "confirm-new-email")).Shows("ended"));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
        Assert.Contains(target, (await browser.GetAsync("/")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_change_voids_the_link_and_the_reset_links_with_it()
    {
        var person = await hub.PersonAsync();
        var browser = hub.Surfer();
        await browser.SignInAsync(person);
        var reset = await hub.ResetLinkAsync(person);
        var first = await AskAsync(browser, Person.New().Email);
        var second = await AskAsync(browser, Person.New().Email);

        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(first)).Status);
        await browser.SubmitAsync(second, "confirm-new-email");

        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(reset)).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_address_of_another_in_any_spelling_is_not_revealed_and_not_taken(bool upper)
    {
        var (person, owner) = (await hub.PersonAsync(), await hub.PersonAsync());
        var browser = hub.Surfer();
        await browser.SignInAsync(person);
        var (taken, free) = (upper ? owner.Email.ToUpperInvariant() : owner.Email, Person.New().Email);

        var (one, two) = (await browser.SubmitAsync("/account/email", "change-email", ("email", taken)), await browser.SubmitAsync("/account/email", "change-email", ("email", free)));

        Assert.Equal(two.Status, one.Status);
        Assert.Equal(two.Html.Replace(free, "?", StringComparison.Ordinal), one.Html.Replace(taken, "?", StringComparison.Ordinal));
        Assert.DoesNotContain("link=", (await hub.Mail.WaitAsync(owner.Email, "Somebody wanted to use your e-mail address")).TextBody!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_old_mailbox_takes_it_back_and_throws_the_thief_out()
    {
        var person = await hub.PersonAsync();
        var thief = hub.Surfer();
        await thief.SignInAsync(person);
        await thief.SubmitAsync(await AskAsync(thief, Person.New().Email), "confirm-new-email");
        var back = Mailbox.Link(await hub.Mail.WaitAsync(person.Email, "has another e-mail address now"), "/restore-email");

        await hub.Surfer().SubmitAsync(back, "not-me");

        Assert.False(await thief.IsSignedInAsync());
        Assert.False((await thief.SignInAsync(person)).Shows("sign-out"));
        var reset = Mailbox.Link(await hub.Mail.WaitAsync(person.Email, "Choose a new password"), "/reset-password");
        var owner = hub.Surfer();
        await owner.SubmitAsync(reset, "reset-password", ("chosen", "four quite different words"));
        Assert.True((await owner.SignInAsync(person, "four quite different words")).Shows("sign-out"));
    }

    private async Task<string> AskAsync(Surfer browser, string target)
    {
        await browser.SubmitAsync("/account/email", "change-email", ("email", target));
        return Mailbox.Link(await hub.Mail.WaitAsync(target, "Confirm your new e-mail address"), "/account/email/confirm");
    }
}
