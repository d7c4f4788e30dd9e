using System.Net;
using IdentityHub.Account;
using IdentityHub.Audit;
using IdentityHub.Persons;
using IdentityHub.Sessions;
using IdentityHub.Tests.Pages;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class RegisterTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task A_new_person_confirms_the_address_and_is_then_signed_in_and_led_on()
    {
        using var browser = hub.Visitor();
        var email = NewEmail();

        var answer = await RegisterAsync(browser, " Grace Hopper ", $" {email} ", StartedHub.Password, "/authorize?client_id=notes");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        answer.Shows("id=\"check-mailbox\"");
        Assert.Null(browser.SessionCookie);
        var link = Mailbox.Link(await hub.Mail.WaitAsync(email, "Confirm your e-mail address"), "/confirm-email");
        // Mail scanners follow links: looking is free.
        (await browser.GetAsync(link)).Shows("id=\"confirm-email\"");
        (await browser.GetAsync(link)).Shows(email);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ConfirmAsync(browser, link, "not the password")).Status);
        Assert.False((await FindAsync(email))!.EmailConfirmed);

        answer = await ConfirmAsync(browser, link, StartedHub.Password);

        Assert.Equal((HttpStatusCode.SeeOther, "/authorize?client_id=notes"), (answer.Status, answer.Location));
        (await browser.GetAsync("/")).Shows("Hello, Grace Hopper");
        var user = await FindAsync(email);
        Assert.True(user!.EmailConfirmed);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
        Assert.Equal(
            ["registered", "email_confirmed", "signed_in"],
            await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == user.Id).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync()));
    }

    [Fact]
    public async Task Who_registers_an_address_that_has_an_account_is_answered_like_anybody_and_its_owner_is_told()
    {
        var ada = await hub.PersonAsync();
        using var stranger = hub.Visitor();
        using var other = hub.Visitor();
        var unknown = NewEmail();

        var answer = await RegisterAsync(stranger, "Mallory", ada.Email!.ToUpperInvariant(), "another password of mine");
        var usual = await RegisterAsync(other, "Mallory", unknown.ToUpperInvariant(), "another password of mine");

        Assert.Equal((usual.Status, Anonymous(usual, unknown)), (answer.Status, Anonymous(answer, ada.Email!)));
        Assert.Null(stranger.SessionCookie);
        var mail = await hub.Mail.WaitAsync(ada.Email!, "You have an account at IdentityHub already");
        Assert.DoesNotContain("Mallory", mail.TextBody, StringComparison.Ordinal);
        Assert.Empty(await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id).ToListAsync()));
        using var owner = hub.Visitor();
        Assert.Equal(HttpStatusCode.SeeOther, (await owner.SignInAsync(ada)).Status);
        (await owner.GetAsync("/")).Shows("Hello, Ada Lovelace");
    }

    [Fact]
    public async Task The_mail_is_sent_again_on_request_and_the_first_link_is_void()
    {
        using var browser = hub.Visitor();
        var email = NewEmail();
        await RegisterAsync(browser, "Grace", email, StartedHub.Password, "/somewhere");
        var first = Mailbox.Link(await hub.Mail.WaitAsync(email, "Confirm"), "/confirm-email");

        var token = (await browser.GetAsync("/register")).FormToken!;
        var again = await browser.PostAsync("/register/again", ("__RequestVerificationToken", token), ("email", email), ("return_url", "/elsewhere"));

        again.Shows("id=\"check-mailbox\"");
        var second = Mailbox.Link(await hub.Mail.WaitAsync(email, "Confirm", 2), "/confirm-email");
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(first)).Status);
        Assert.Equal("/elsewhere", (await ConfirmAsync(browser, second, StartedHub.Password)).Location);
    }

    [Fact]
    public async Task The_latest_registration_of_an_unconfirmed_address_counts()
    {
        using var stranger = hub.Visitor();
        using var owner = hub.Visitor();
        var email = NewEmail();
        await RegisterAsync(stranger, "Mallory", email, "the words of a stranger");
        var first = Mailbox.Link(await hub.Mail.WaitAsync(email, "Confirm"), "/confirm-email");

        await RegisterAsync(owner, "Grace", email, StartedHub.Password);

        var second = Mailbox.Link(await hub.Mail.WaitAsync(email, "Confirm", 2), "/confirm-email");
        Assert.Equal(HttpStatusCode.Gone, (await owner.GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await ConfirmAsync(owner, second, "the words of a stranger")).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await ConfirmAsync(owner, second, StartedHub.Password)).Status);
        (await owner.GetAsync("/")).Shows("Hello, Grace");
        Assert.Equal(1, await hub.DataAsync(db => db.Set<User>().CountAsync(u => u.Email == email)));
    }

    [Fact]
    public async Task Before_the_address_is_confirmed_the_right_password_opens_nothing()
    {
        var ada = await hub.PersonAsync(with: u => u.EmailConfirmed = false);
        using var browser = hub.Visitor();

        var answer = await browser.SignInAsync(ada);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
        Assert.Null(browser.SessionCookie);
        var entry = await hub.DataAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.UserId == ada.Id));
        Assert.Contains("unconfirmed_email", entry.Details, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Accounts_that_nobody_confirms_are_forgotten_and_others_are_not()
    {
        var old = TimeProvider.System.GetUtcNow().AddDays(-2);
        var never = await hub.PersonAsync(with: u => (u.EmailConfirmed, u.CreatedAt) = (false, old));
        var once = await hub.PersonAsync(with: u => (u.EmailConfirmed, u.CreatedAt) = (false, old));
        var confirmed = await hub.PersonAsync(with: u => u.CreatedAt = old);
        var fresh = await hub.PersonAsync(with: u => (u.EmailConfirmed, u.CreatedAt) = (false, old.AddDays(2)));
        await hub.DataAsync(async db =>
        {
            db.Add(new AuditEntry { Id = Guid.CreateVersion7(), At = old, Action = "signed_in", Actor = "system", UserId = once.Id });
            return await db.SaveChangesAsync();
        });

        await hub.ServiceAsync(async (IServiceProvider services) =>
            await services.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<UnconfirmedAccounts>().Single().ForgetAsync(default));

        Guid[] asked = [never.Id, once.Id, confirmed.Id, fresh.Id];
        Assert.Equal(
            new[] { once.Id, confirmed.Id, fresh.Id }.Order(),
            (await hub.DataAsync(db => db.Set<User>().Where(u => asked.Contains(u.Id)).Select(u => u.Id).ToListAsync())).Order());
    }

    [Theory]
    [InlineData("password123", "This is one of the most used passwords, or close to one;")]
    [InlineData("grace hopper1", "This is made of your name, your address or the name of IdentityHub,")]
    public async Task A_password_that_is_guessed_first_is_refused_with_the_reason(string password, string error)
    {
        using var browser = hub.Visitor();

        var answer = await RegisterAsync(browser, "Grace Hopper", NewEmail(), password);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows(error);
    }

    [Fact]
    public async Task Each_field_says_what_is_wrong_with_it_and_keeps_what_was_typed()
    {
        using var browser = hub.Visitor();

        var answer = await RegisterAsync(browser, "<b>Grace", "nonsense", "short", "/somewhere");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("value=\"&lt;b&gt;Grace\"");
        answer.Shows("value=\"nonsense\"");
        answer.Shows("value=\"/somewhere\"");
        answer.Hides("\"short\"");
        Assert.Matches("(?s)id=\"email-error\">.*This is not an e-mail address; it looks like name@example\\.com\\.", answer.Text);
        Assert.Matches("(?s)id=\"password-error\">.*Your password is too short; use at least 8 characters\\.", answer.Text);
        answer.Shows("aria-describedby=\"password-error password-hint\"");
        answer.Hides("id=\"name-error\"");
    }

    [Fact]
    public async Task A_form_that_is_sent_several_times_at_once_makes_one_account()
    {
        var email = NewEmail();
        var browsers = Enumerable.Range(0, 4).Select(_ => hub.Visitor()).ToList();

        var answers = await Task.WhenAll(browsers.Select(b => RegisterAsync(b, "Grace", email, StartedHub.Password)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.Status));
        Assert.Equal(1, await hub.DataAsync(db => db.Set<User>().CountAsync(u => u.Email == email)));
        browsers.ForEach(b => b.Dispose());
    }

    [Fact]
    public async Task Where_the_check_saw_no_account_and_the_index_does_the_index_decides()
    {
        var ada = await hub.PersonAsync();

        var second = await hub.ServiceAsync((IServiceProvider services) =>
        {
            // As when two nodes check at the same instant: neither sees the other's row.
            services.GetRequiredService<UserManager<User>>().UserValidators.Clear();
            return services.GetRequiredService<NewPersons>().CreateAsync("Mallory", ada.Email!, StartedHub.Password);
        });

        Assert.Null(second);
        Assert.Equal(1, await hub.DataAsync(db => db.Set<User>().CountAsync(u => u.Email == ada.Email)));
    }

    [Fact]
    public async Task A_form_of_another_site_makes_no_account()
    {
        using var browser = hub.Visitor();
        var email = NewEmail();

        var answer = await browser.PostAsync("/register", ("name", "Grace"), ("email", email), ("password", StartedHub.Password));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(await FindAsync(email));
    }

    private static Task<Answer> ConfirmAsync(Visitor browser, string link, string password) =>
        browser.FillAsync(link, ("link", Mailbox.Secret(link)), ("password", password));

    /// <summary>The page without the address it was asked for and the token of its form.</summary>
    private static string Anonymous(Answer answer, string email) =>
        answer.Text.Replace(email.ToUpperInvariant(), "?", StringComparison.OrdinalIgnoreCase).Replace(answer.FormToken!, "?", StringComparison.Ordinal);

    private static Task<Answer> RegisterAsync(Visitor browser, string name, string email, string password, string returnUrl = "/") =>
        browser.FillAsync("/register", ("name", name), ("email", email), ("password", password), ("return_url", returnUrl));

    private static string NewEmail() => $"{Guid.CreateVersion7():N}@example.com";

    private Task<User?> FindAsync(string email) => hub.DataAsync(db => db.Set<User>().AsNoTracking().SingleOrDefaultAsync(u => u.Email == email));
}
