using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Pages;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Mail;

public sealed partial class MailTextsTests
{
    [Fact]
    public void Both_languages_say_the_same_things_with_the_same_values()
    {
        var (english, german) = (Texts(CultureInfo.InvariantCulture), Texts(CultureInfo.GetCultureInfo("de")));

        Assert.True(english.Count > 40, "the texts are not there");
        Assert.Equal(english.Keys.Order(), german.Keys.Order());
        Assert.Equal(english.Select(Values).Order(), german.Select(Values).Order());
        Assert.DoesNotContain(english.Keys, key => english[key] == german[key]);
    }

    [Fact]
    public void A_letter_is_written_in_the_language_of_the_request()
    {
        var before = CultureInfo.CurrentUICulture;
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de-AT");
            var written = new LetterWriter(Options.Create(new PagesOptions { Name = "Müller & Söhne" }), Options.Create(new HubOptions { Issuer = "https://id.example.com" }))
                .Write(new Addressee("ada@example.com", Name: "<Ada>"), new Letter("ResetPassword", "heute") { Action = new Uri("https://id.example.com/reset-password?link=x&y") });

            Assert.Equal(("Wählen Sie ein neues Passwort für Müller & Söhne", "de-AT"), (written.Subject, written.Language));
            Assert.StartsWith("Guten Tag, <Ada>,\n", written.Text, StringComparison.Ordinal);
            Assert.Contains("Neues Passwort wählen:\nhttps://id.example.com/reset-password?link=x&y\n", written.Text, StringComparison.Ordinal);
            Assert.Contains("<html lang=\"de\">", written.Html, StringComparison.Ordinal);
            Assert.Contains("&lt;Ada&gt;", written.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<Ada>", written.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("src=", written.Html, StringComparison.Ordinal);
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }

    private static Dictionary<string, string> Texts(CultureInfo language) =>
        new ResourceManager("IdentityHub.Mail.MailTexts", typeof(LetterWriter).Assembly)
            .GetResourceSet(language, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(e => (string)e.Key, e => (string)e.Value!);

    private static string Values(KeyValuePair<string, string> text) => $"{text.Key} {string.Join(' ', Placeholder().Matches(text.Value).Select(m => m.Value).Order())}";

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Placeholder();
}
