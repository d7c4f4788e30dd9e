using System.Globalization;
using System.Net;
using IdentityHub.Access;
using IdentityHub.Admin;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Administration;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>Why an application is not registered is said in the language of the page, and in English to programs.</summary>
public sealed class FaultWordsTests(StartedHub hub) : IClassFixture<StartedHub>
{
    public static TheoryData<string> Faults => [.. Enum.GetNames<RegistrationFault>()];

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_fault_is_said_in_both_languages_with_what_was_written(string name)
    {
        var flaw = new RegistrationFlaw(Enum.Parse<RegistrationFault>(name), "words for programs", "what-was-written", "what-would-be-right");

        var (english, german) = (In("en", flaw), In("de", flaw));

        Assert.NotEqual(english, german);
        Assert.DoesNotContain("{", english + german, StringComparison.Ordinal);
        Assert.DoesNotContain(flaw.Words, english, StringComparison.Ordinal);
        Assert.Equal(english.Contains(flaw.Value, StringComparison.Ordinal), german.Contains(flaw.Value, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_German_page_refuses_in_German()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        await grace.Browser.GetAsync("/admin/relying-parties?language=de");

        var answer = await grace.Browser.FillAsync("/admin/relying-parties/register",
            ("client_id", Applications.NewId()), ("redirect_uris", "http://app.example.com/callback"), ("grant_authorization_code", "on"), ("scopes", "profile"), ("audiences", new string('a', 201)), ("default_max_age", "1"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("es muss https sein");
        answer.Shows("ist keine Zielgruppe");
        answer.Shows("muss aus ganzen Sekunden bestehen");
        foreach (var english in new[] { "it must be", "must be", "redirect_uris is" })
        {
            answer.Hides(english);
        }
    }

    private static string In(string language, RegistrationFlaw flaw)
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(language);
            return FaultWords.Of(flaw);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
