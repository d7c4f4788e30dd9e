using System.Net;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing.InProcess;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 37, pre-hijacking: who registers with the address of another gains nothing from the other's confirming it.</summary>
[Collection(nameof(MailedHub))]
public sealed class Case_37_account_pre_hijacking(MailedHub hub)
{
    private const string Strangers = "the words of a stranger";

    [Fact]
    public async Task An_unconfirmed_account_opens_no_session()
    {
        var (victim, attacker) = (Person.New(), hub.Surfer());

        Assert.True((await RegisterAsync(attacker, victim, Strangers)).Shows("check-mailbox"));

        Assert.False(await attacker.IsSignedInAsync());
        Assert.False((await attacker.SignInAsync(victim, Strangers)).Shows("sign-out"));
        Assert.False((await attacker.Driver.AskSilentlyAsync(hub.Notes)).Succeeded);
    }

    [Fact]
    public async Task The_owner_of_the_mailbox_does_not_confirm_a_strangers_account()
    {
        var (victim, attacker, owner) = (Person.New(), hub.Surfer(), hub.Surfer());
        await RegisterAsync(attacker, victim, Strangers);
        var link = Mailbox.Link(await hub.Mail.WaitAsync(victim.Email, "Confirm your e-mail address"), "/confirm-email");

        var page = await owner.SubmitAsync(link, "confirm-email", ("password", victim.Password));

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.False((await attacker.SignInAsync(victim, Strangers)).Shows("sign-out"));
    }

    [Fact]
    public async Task The_owners_own_registration_or_reset_leaves_the_stranger_nothing()
    {
        var (victim, attacker, owner) = (Person.New(), hub.Surfer(), hub.Surfer());
        await RegisterAsync(attacker, victim, Strangers);
        await hub.Mail.WaitAsync(victim.Email, "Confirm your e-mail address");

        await RegisterAsync(owner, victim, victim.Password);
        var link = Mailbox.Link(await hub.Mail.WaitAsync(victim.Email, "Confirm your e-mail address", 2), "/confirm-email");
        Assert.True((await owner.SubmitAsync(link, "confirm-email", ("password", victim.Password))).Shows("sign-out"));
        Assert.False((await attacker.SignInAsync(victim, Strangers)).Shows("sign-out"));

        var (second, mallory, her) = (Person.New(), hub.Surfer(), hub.Surfer());
        await RegisterAsync(mallory, second, Strangers);
        await her.SubmitAsync(await hub.ResetLinkAsync(second), "reset-password", ("chosen", second.Password));
        Assert.True((await her.SignInAsync(second)).Shows("sign-out"));
        Assert.False((await mallory.SignInAsync(second, Strangers)).Shows("sign-out"));
    }

    private static Task<Faults.Page> RegisterAsync(Surfer browser, Person person, string password) =>
        browser.SubmitAsync("/register", "register", ("name", person.Name), ("email", person.Email), ("password", password));
}
