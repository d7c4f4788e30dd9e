using System.Net;
using IdentityHub.Pages;
using IdentityHub.Protocol;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Pages;
using Microsoft.AspNetCore.Http.HttpResults;
using Xunit;

namespace IdentityHub.Tests.Protocol;

public sealed class PageTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task Consent_names_the_application_the_person_and_each_permission_in_words()
    {
        var page = await PagesHost.ShowAsync(new RazorComponentResult<ConsentPage>(new
        {
            Application = "<b>Bank",
            Person = "ada@example.com",
            Scopes = (IReadOnlyList<string>)["offline_access", "openid", "payments.read"],
            Action = "/consent",
            Fields = (IReadOnlyList<KeyValuePair<string, string>>)[new("question", "\"sealed\"")],
        }));

        page.Shows("<strong>&lt;b&gt;Bank</strong> asks for your permission");
        page.Shows("You are signed in as <strong>ada@example.com</strong>");
        Assert.Matches("(?s)Know that it is you.*<small>payments\\.read</small>.*Stay connected when you are not there", page.Text);
        page.Shows("name=\"question\" value=\"&quot;sealed&quot;\"");
        page.Shows("""<button id="allow" class="button" type="submit" name="decision" value="allow">""");
        page.Shows("""<button id="deny" class="button secondary" type="submit" name="decision" value="deny">""");
        Assert.NotNull(page.FormToken);
    }

    [Theory]
    [InlineData("", "Sign out of IdentityHub?")]
    [InlineData("Notes", "Sign out of IdentityHub and of one application?")]
    [InlineData("Notes,Bank", "Sign out of IdentityHub and of 2 applications?")]
    public async Task The_question_says_what_will_end(string applications, string question)
    {
        var names = applications.Split(',', StringSplitOptions.RemoveEmptyEntries);

        var page = await PagesHost.ShowAsync(new RazorComponentResult<SignOutPage>(new
        {
            Applications = (IReadOnlyList<string>)names,
            Action = "/sign-out",
            Fields = (IReadOnlyList<KeyValuePair<string, string>>)[],
        }));

        page.Shows($"<h1>{question}</h1>");
        Assert.All(names, name => page.Shows($"<strong>{name}</strong>"));
        page.Shows("id=\"sign-out\"");
        page.Shows("""<a href="/">Stay signed in</a>""");
    }

    [Theory]
    [InlineData(ConfirmationState.Confirmed, "Confirmed", "Your session is over, and the application has confirmed it.")]
    [InlineData(ConfirmationState.Waiting, "Has not confirmed yet, we keep trying", "Your session is over. The application has not confirmed it.")]
    [InlineData(ConfirmationState.Refused, "Refused: sign out there as well", "Your session is over. The application has not confirmed it.")]
    [InlineData(ConfirmationState.Unconfirmed, "Never answered: sign out there as well", "Your session is over. The application has not confirmed it.")]
    [InlineData(ConfirmationState.Unreachable, "Cannot be told: sign out there as well", "Your session is over. The application has not confirmed it.")]
    public async Task Nothing_is_shown_as_confirmed_that_is_not(ConfirmationState state, string words, string summary)
    {
        var page = await ShowSignedOutAsync(new Confirmation("Notes & more", state));

        page.Shows("id=\"signed-out\"");
        page.Shows("<strong>Notes &amp; more</strong>");
        page.Shows(words);
        page.Shows(summary);
    }

    [Fact]
    public void The_pages_know_the_states_by_the_same_names() => Assert.Equal(
        Enum.GetValues<ConfirmationState>().Select(s => (s.ToString(), (int)s)), Enum.GetValues<OutcomeState>().Select(s => (s.ToString(), (int)s)));

    [Fact]
    public async Task The_summary_counts_what_was_confirmed()
    {
        (await ShowSignedOutAsync()).Shows("Your session is over.");
        (await ShowSignedOutAsync(new("Notes", ConfirmationState.Confirmed), new("Bank", ConfirmationState.Confirmed)))
            .Shows("Your session is over, and all 2 applications have confirmed it.");
        (await ShowSignedOutAsync(new("Notes", ConfirmationState.Confirmed), new("Bank", ConfirmationState.Waiting)))
            .Shows("Your session is over. 1 of 2 applications have confirmed it.");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?act=forged")]
    [InlineData("?act=01a22cbd-af2f-758a-a23d-450fbe00618f")]
    public async Task Nobody_watches_an_act_that_was_not_sealed_here(string query)
    {
        using var browser = hub.Visitor();

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/signed-out/live" + query)).Status);
    }

    [Fact]
    public async Task An_error_shows_its_code_and_what_was_sent_as_text()
    {
        var page = await PagesHost.ShowAsync(new RazorComponentResult<ErrorPage>(new { Error = "invalid_request", Description = "<script>alert(1)</script>" }));

        page.Shows("""<dd id="error">invalid_request</dd>""");
        page.Shows("&lt;script&gt;alert(1)&lt;/script&gt;");
        page.Hides("<script>alert");
    }

    [Fact]
    public async Task The_question_may_lead_to_where_the_application_asked_to_return()
    {
        using var browser = hub.Visitor();
        await browser.SignInAsync(await hub.PersonAsync());

        var plain = await browser.GetAsync("/end-session");
        var returning = await browser.GetAsync($"/end-session?client_id=notes&post_logout_redirect_uri={Uri.EscapeDataString("http://127.0.0.1:1/bye")}");

        plain.Shows("Sign out of IdentityHub?");
        returning.Shows("Sign out of IdentityHub?");
        Assert.Contains("form-action 'self';", plain.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("form-action 'self' http:;", returning.Headers["Content-Security-Policy"], StringComparison.Ordinal);
    }

    private static Task<Answer> ShowSignedOutAsync(params IReadOnlyList<Confirmation> applications) =>
        PagesHost.ShowAsync(new RazorComponentResult<SignedOutPage>(new { Applications = applications }));
}
