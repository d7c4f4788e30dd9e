using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Account;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Pages;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class SignInTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task The_right_password_opens_a_session_and_leads_on()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();

        var answer = await browser.SignInAsync(ada, returnUrl: "/authorize?client_id=notes");

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("/authorize?client_id=notes", answer.Location);
        Assert.Contains("no-store", answer.Headers["Cache-Control"], StringComparison.Ordinal);
        (await browser.GetAsync("/")).Shows("Hello, Ada Lovelace");
        var session = Assert.Single(await SessionsAsync(ada));
        Assert.Equal("pwd", session.Amr);
        Assert.Equal(("signed_in", session.Id), await LastAuditAsync(ada));
    }

    [Fact]
    public async Task The_address_counts_whatever_its_case_and_the_password_exactly()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();

        var shouted = await browser.FillAsync("/sign-in", ("email", $" {ada.Email!.ToUpperInvariant()} "), ("password", StartedHub.Password));
        var padded = await browser.SignInAsync(ada, StartedHub.Password + " ");

        Assert.Equal(HttpStatusCode.SeeOther, shouted.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, padded.Status);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\r\nX-Evil: 1")]
    public async Task A_foreign_address_is_never_returned_to(string returnUrl)
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();

        var answer = await browser.SignInAsync(ada, returnUrl: returnUrl);
        var page = await browser.GetAsync($"/sign-in?return_url={Uri.EscapeDataString(returnUrl)}");

        Assert.Equal("/", answer.Location);
        page.Shows("""name="return_url" value="/" """.TrimEnd());
        // The link to this page in another language repeats the query, encoded, and is as harmless as the query was.
        page.Hides(returnUrl);
    }

    [Fact]
    public async Task Who_is_refused_learns_nothing_about_the_account()
    {
        var ada = await hub.PersonAsync();
        var closed = await hub.PersonAsync(with: u => u.DisabledAt = DateTimeOffset.UnixEpoch);
        var keyless = await hub.PersonAsync();
        await hub.DataAsync(db => db.Set<User>().Where(u => u.Id == keyless.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordHash, (string?)null)));
        using var browser = hub.Visitor();

        var answers = new List<Answer>
        {
            await browser.SignInAsync(ada, "not the password"),
            await browser.SignInAsync(closed),
            await browser.SignInAsync(keyless),
            await browser.SignInAsync(new User { Email = "nobody@example.com" }),
            await browser.SignInAsync(new User { Email = "not an address\n" }),
        };

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.Unauthorized, a.Status));
        Assert.All(answers, a => Assert.DoesNotContain("hub=", a.Headers.GetValueOrDefault("Set-Cookie") ?? "", StringComparison.Ordinal));
        Assert.Single(answers.Select(a => Regex.Replace(a.Text, "value=\"[^\"]*\"", "")).Distinct());
        answers[0].Shows("This e-mail address and password do not match an account.");
        Assert.Null(browser.SessionCookie);
        Assert.Equal("""{"reason":"wrong_password"}""", await LastDetailsAsync(ada));
        Assert.Equal("""{"reason":"disabled"}""", await LastDetailsAsync(closed));
    }

    [Fact]
    public async Task That_an_address_waits_to_be_confirmed_is_said_to_who_knows_the_password_and_to_nobody_else()
    {
        var ada = await hub.PersonAsync(with: u => u.EmailConfirmed = false);
        using var browser = hub.Visitor();

        var wrong = await browser.SignInAsync(ada, "not the password");
        var unknown = await browser.SignInAsync(new User { Email = "nobody@example.com" }, "not the password");
        var right = await browser.SignInAsync(ada, returnUrl: "/account/sessions");

        Assert.Equal(Regex.Replace(unknown.Text, "value=\"[^\"]*\"", ""), Regex.Replace(wrong.Text, "value=\"[^\"]*\"", ""));
        Assert.Equal((unknown.Status, HttpStatusCode.Unauthorized), (wrong.Status, right.Status));
        right.Shows($"<strong>{ada.Email}</strong> is not confirmed yet");
        Assert.Null(browser.SessionCookie);
        Assert.Equal("""{"reason":"unconfirmed_email"}""", await LastDetailsAsync(ada));

        // One press has the link sent again, and it leads on to where the person was going.
        (await browser.PostAsync("/register/again", ("__RequestVerificationToken", right.FormToken!), ("email", right.ValueOf("email")), ("return_url", right.ValueOf("return_url"))))
            .Shows("id=\"check-mailbox\"");
        var link = Mailbox.Link(await hub.Mail.WaitAsync(ada.Email!, "Confirm your e-mail address"), "/confirm-email");
        Assert.Equal("/account/sessions", (await browser.PostFromAsync(link, "/confirm-email", ("link", Mailbox.Secret(link)), ("password", StartedHub.Password))).Location);
        Assert.NotNull(browser.SessionCookie);
    }

    [Fact]
    public async Task Every_answer_costs_one_hash()
    {
        var (ada, keyless) = (await hub.PersonAsync(), await hub.PersonAsync());
        await hub.DataAsync(db => db.Set<User>().Where(u => u.Id == keyless.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordHash, (string?)null)));
        var hashes = new CountingHasher();

        foreach (var (email, refusal) in new[] { (ada.Email!, "wrong_password"), (keyless.Email!, "no_password"), ("nobody@example.com", "unknown_email"), ("nonsense", "unknown_email") })
        {
            hashes.Count = 0;
            var verdict = await hub.ServiceAsync((UserManager<User> users) =>
            {
                users.PasswordHasher = hashes;
                return new PasswordCheck(users, hashes, Microsoft.Extensions.Options.Options.Create(new AccountOptions())).CheckAsync(email, "not the password");
            });

            Assert.Equal(refusal, verdict.Refusal);
            Assert.Equal(1, hashes.Count);
        }
    }

    [Fact]
    public async Task What_was_typed_stays_but_for_the_password()
    {
        using var browser = hub.Visitor();

        var answer = await browser.FillAsync("/sign-in", ("email", "\"><script>@example.com"), ("password", "a secret of mine"), ("return_url", "/somewhere"));

        answer.Shows("value=\"&quot;&gt;&lt;script&gt;@example.com\"");
        answer.Shows("""value="/somewhere" """.TrimEnd());
        answer.Hides("a secret of mine");
    }

    [Fact]
    public async Task An_empty_field_is_named_beside_it()
    {
        using var browser = hub.Visitor();

        var answer = await browser.FillAsync("/sign-in", ("email", " "), ("password", ""));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Matches("(?s)id=\"email\"[^>]*aria-invalid=\"true\" aria-describedby=\"email-error\".*id=\"email-error\">.*Enter your e-mail address\\.", answer.Text);
        Assert.Matches("(?s)id=\"password\"[^>]*aria-describedby=\"password-error\".*id=\"password-error\">.*Enter your password\\.", answer.Text);
        answer.Shows("<title>Error: Sign in");
    }

    [Fact]
    public async Task A_hint_fills_in_the_address_and_a_waiting_application_is_named()
    {
        using var browser = hub.Visitor();
        var returnUrl = Uri.EscapeDataString("/authorize?client_id=notes&state=1");

        var page = await browser.GetAsync($"/sign-in?login_hint=ada%40example.com&return_url={returnUrl}");

        page.Shows("value=\"ada@example.com\"");
        page.Shows("to continue to <strong>Notes &amp; more</strong>");
        page.Shows($"href=\"/register?return_url={returnUrl}\"");
        Assert.Contains("form-action 'self' com.example.notes: http:;", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/authorize?client_id=unknown", "form-action 'self' http:;")]
    [InlineData("/authorize?client_id=a&client_id=b", "form-action 'self' http:;")]
    [InlineData("/authorize?posted_request=x", "form-action 'self' http:;")]
    [InlineData("/", "form-action 'self';")]
    public async Task Without_a_known_application_the_form_may_lead_to_the_web_only_where_something_waits(string returnUrl, string policy)
    {
        using var browser = hub.Visitor();

        var page = await browser.GetAsync($"/sign-in?return_url={Uri.EscapeDataString(returnUrl)}");

        page.Shows("with your IdentityHub account");
        Assert.Contains(policy, page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_signs_nobody_in()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();

        var answer = await browser.PostAsync("/sign-in", ("email", ada.Email!), ("password", StartedHub.Password));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("""<dd id="error">form_expired</dd>""");
        Assert.Empty(await SessionsAsync(ada));
    }

    [Fact]
    public async Task A_planted_cookie_is_never_adopted()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        var planted = SessionCookie.NewValue();
        browser.SessionCookie = planted;

        await browser.SignInAsync(ada);

        Assert.NotEqual(planted, browser.SessionCookie);
        using var attacker = hub.Visitor();
        attacker.SessionCookie = planted;
        Assert.Equal("/sign-in", (await attacker.GetAsync("/")).Location);
    }

    [Fact]
    public async Task Signing_in_again_keeps_the_session_and_kills_the_old_cookie()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        var (before, session) = (browser.SessionCookie, Assert.Single(await SessionsAsync(ada)));
        (await browser.GetAsync("/sign-in")).Shows("You are signed in as <strong>Ada Lovelace</strong>");

        await browser.SignInAsync(ada);

        var renewed = Assert.Single(await SessionsAsync(ada));
        Assert.Equal(session.Sid, renewed.Sid);
        Assert.True(renewed.AuthenticatedAt > session.AuthenticatedAt);
        Assert.NotEqual(before, browser.SessionCookie);
        using var thief = hub.Visitor();
        thief.SessionCookie = before;
        Assert.Equal("/sign-in", (await thief.GetAsync("/")).Location);
    }

    [Fact]
    public async Task Another_person_in_the_same_browser_ends_the_session_of_the_first()
    {
        var (ada, bob) = (await hub.PersonAsync(), await hub.PersonAsync("Bob"));
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = browser.SessionCookie;

        await browser.SignInAsync(bob);

        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        (await browser.GetAsync("/")).Shows("Hello, Bob");
        var ended = Assert.Single(await SessionsAsync(ada));
        var act = await hub.DataAsync(db => db.Set<RevocationRecord>().SingleAsync(r => r.Id == ended.RevocationId));
        Assert.Equal(RevocationReason.ReplacedBySignIn, act.Reason);
        Assert.Equal($"user:{bob.Id}", act.Initiator);
    }

    [Fact]
    public async Task A_failed_attempt_leaves_the_session_in_this_browser_alone()
    {
        var (ada, bob) = (await hub.PersonAsync(), await hub.PersonAsync("Bob"));
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);

        await browser.SignInAsync(bob, "not the password");

        (await browser.GetAsync("/")).Shows("Hello, Ada Lovelace");
    }

    [Fact]
    public async Task A_rehash_at_sign_in_ends_nothing_and_refuses_nobody()
    {
        var ada = await hub.PersonAsync();
        using var first = hub.Visitor();
        await first.SignInAsync(ada);
        var old = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(ada, StartedHub.Password);
        await hub.DataAsync(db => db.Set<User>().Where(u => u.Id == ada.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordHash, old)));
        using var second = hub.Visitor();

        var answer = await second.SignInAsync(ada);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.NotEqual(old, await hub.DataAsync(db => db.Set<User>().Where(u => u.Id == ada.Id).Select(u => u.PasswordHash).SingleAsync()));
        (await first.GetAsync("/")).Shows("Hello, Ada Lovelace");
        (await second.GetAsync("/")).Shows("Hello, Ada Lovelace");
    }

    [Fact]
    public async Task Sign_ins_that_race_over_a_rehash_all_succeed()
    {
        var ada = await hub.PersonAsync();
        var old = new PasswordHasher<User>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(ada, StartedHub.Password);
        await hub.DataAsync(db => db.Set<User>().Where(u => u.Id == ada.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordHash, old)));
        var browsers = Enumerable.Range(0, 4).Select(_ => hub.Visitor()).ToList();

        var answers = await Task.WhenAll(browsers.Select(b => b.SignInAsync(ada)));

        Assert.All(answers, a => Assert.Equal(HttpStatusCode.SeeOther, a.Status));
        Assert.Equal(4, (await SessionsAsync(ada)).Count);
        browsers.ForEach(b => b.Dispose());
    }

    [Fact]
    public async Task A_form_that_is_larger_than_any_of_ours_is_refused()
    {
        using var browser = hub.Visitor();

        var answer = await browser.FillAsync("/sign-in", ("email", "ada@example.com"), ("password", new string('x', 100_000)));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        answer.Shows("""<dd id="error">too_large</dd>""");
    }

    [Fact]
    public async Task A_form_that_cannot_be_read_is_refused()
    {
        using var browser = hub.Visitor();

        var answer = await browser.FillAsync("/sign-in", ("email", "ada\0@example.com"), ("password", StartedHub.Password));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("""<dd id="error">invalid_request</dd>""");
    }

    private Task<List<UserSession>> SessionsAsync(User user) =>
        hub.DataAsync(db => db.Set<UserSession>().AsNoTracking().Where(s => s.UserId == user.Id).ToListAsync());

    private async Task<(string, Guid?)> LastAuditAsync(User user)
    {
        var last = await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == user.Id).OrderByDescending(e => e.Id).FirstAsync());
        return (last.Action, last.SessionId);
    }

    private Task<string?> LastDetailsAsync(User user) => hub.DataAsync(db => db.Set<AuditEntry>()
        .Where(e => e.UserId == user.Id && e.Action == "sign_in_failed").OrderByDescending(e => e.Id).Select(e => e.Details).FirstAsync());

    private sealed class CountingHasher : IPasswordHasher<User>
    {
        private readonly PasswordHasher<User> _real = new();

        public int Count { get; set; }

        public string HashPassword(User user, string password)
        {
            Count++;
            return _real.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(User user, string hashedPassword, string providedPassword)
        {
            Count++;
            return _real.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
