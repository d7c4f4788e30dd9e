using System.Net;
using IdentityHub.Account;
using IdentityHub.Audit;
using IdentityHub.Sessions;
using IdentityHub.Tests.Pages;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class RegisterTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task A_new_person_is_signed_in_and_led_on()
    {
        using var browser = hub.Visitor();
        var email = NewEmail();

        var answer = await RegisterAsync(browser, " Grace Hopper ", $" {email} ", StartedHub.Password, "/authorize?client_id=notes");

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/authorize?client_id=notes", answer.Location);
        (await browser.GetAsync("/")).Shows("Hello, Grace Hopper");
        var user = await FindAsync(email);
        Assert.False(user!.EmailConfirmed);
        Assert.Equal(
            ["registered", "signed_in"],
            await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == user.Id).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync()));
    }

    [Fact]
    public async Task Who_registers_an_address_that_has_an_account_is_not_told_so_and_not_let_in()
    {
        var ada = await hub.PersonAsync();
        using var stranger = hub.Visitor();

        var answer = await RegisterAsync(stranger, "Mallory", ada.Email!.ToUpperInvariant(), "another password");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("We could not create this account. If you have one already, sign in instead.");
        Assert.Null(stranger.SessionCookie);
        Assert.Empty(await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id).ToListAsync()));
        using var owner = hub.Visitor();
        Assert.Equal(HttpStatusCode.SeeOther, (await owner.SignInAsync(ada)).Status);
        (await owner.GetAsync("/")).Shows("Hello, Ada Lovelace");
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

        Assert.Single(answers, a => a.Status == HttpStatusCode.SeeOther);
        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.BadRequest));
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
            return services.GetRequiredService<Registration>().CreateAsync("Mallory", ada.Email!, StartedHub.Password);
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

    private static Task<Answer> RegisterAsync(Visitor browser, string name, string email, string password, string returnUrl = "/") =>
        browser.FillAsync("/register", ("name", name), ("email", email), ("password", password), ("return_url", returnUrl));

    private static string NewEmail() => $"{Guid.CreateVersion7():N}@example.com";

    private Task<User?> FindAsync(string email) => hub.DataAsync(db => db.Set<User>().AsNoTracking().SingleOrDefaultAsync(u => u.Email == email));
}
