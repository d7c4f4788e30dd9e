using System.Globalization;
using IdentityHub.Pages;
using Xunit;

namespace IdentityHub.Tests.Pages;

/// <summary>In which language a page is shown, and why.</summary>
public sealed class LanguageTests : IAsyncLifetime
{
    private const string English = "There is nothing here";
    private const string German = "Hier ist nichts";

    private PagesHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PagesHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("", null, null, "en")]
    [InlineData("", null, "de", "de")]
    [InlineData("", null, "de-AT, en;q=0.9", "de")]
    [InlineData("", null, "en;q=0.5, de;q=0.8", "de")]
    [InlineData("", null, "fr, de;q=0.5", "de")]
    [InlineData("", null, "de;q=0, en", "en")]
    [InlineData("", null, "tlh", "en")]
    [InlineData("", "de", "en", "de")]
    [InlineData("", "en", "de", "en")]
    [InlineData("", "nonsense~~", "de", "de")]
    [InlineData("?ui_locales=de", "en", "en", "de")]
    [InlineData("?ui_locales=fr+de-CH+en", null, "en", "de")]
    [InlineData("?ui_locales=fr", "de", "en", "de")]
    [InlineData("?ui_locales=de", "en~de", "de", "en")]
    [InlineData("?ui_locales=de&language=en", "de", "de", "en")]
    [InlineData("?language=de", "en", "en", "de")]
    [InlineData("?language=xx", null, "de", "de")]
    public async Task A_page_speaks_the_language_of_the_person(string query, string? cookie, string? accepted, string language)
    {
        var page = await GetAsync(query, cookie, accepted);

        page.Shows($"""<html lang="{language}">""");
        page.Shows(language == "de" ? German : English);
    }

    [Fact]
    public async Task A_choice_is_kept_for_a_year_and_outlasts_what_the_application_asked_for()
    {
        var asked = Cookie(await GetAsync("?ui_locales=de", null, "en"));
        Assert.DoesNotContain("max-age", asked, StringComparison.Ordinal);

        var chosen = Cookie(await GetAsync("?language=en", Value(asked), "en"));
        Assert.Contains("max-age=31536000", chosen, StringComparison.Ordinal);
        Assert.Contains("httponly", chosen, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", chosen, StringComparison.Ordinal);

        (await GetAsync("?ui_locales=de", Value(chosen), "de")).Shows(English);
    }

    [Fact]
    public async Task Each_page_offers_the_other_languages_at_its_own_address()
    {
        var page = await GetAsync("?a=1&language=en&b=%26", null, "en");

        // By the query alone: a path may begin with two slashes and would name another host.
        page.Shows("""<a href="?a=1&amp;b=%26&amp;language=de" lang="de" hreflang="de">Deutsch</a>""");
        page.Shows("""<span lang="en" aria-current="true">English</span>""");
    }

    [Theory]
    [InlineData("en", 0, "none")]
    [InlineData("en", 1, "one")]
    [InlineData("en", 2, "more")]
    [InlineData("de", 1, "one")]
    [InlineData("fr", 0, "none")]
    [InlineData("ja", 1, "one")]
    public void A_number_has_its_form(string language, int number, string form) =>
        Assert.Equal(form, Plural.Form("=0 none|one|more", number, CultureInfo.GetCultureInfo(language)));

    [Theory]
    [InlineData("fr", 0, "a")]
    [InlineData("ja", 5, "a")]
    [InlineData("pl", 1, "a")]
    [InlineData("pl", 22, "b")]
    [InlineData("pl", 12, "c")]
    [InlineData("pl", 21, "c")]
    [InlineData("uk", 21, "a")]
    [InlineData("cs", 3, "b")]
    [InlineData("cs", 23, "c")]
    public void Languages_have_forms_of_their_own(string language, int number, string form) =>
        Assert.Equal(form, Plural.Form("a|b|c", number, CultureInfo.GetCultureInfo(language)));

    private Task<Answer> GetAsync(string query, string? cookie, string? accepted)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, $"/nowhere{query}");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", $"hub-language={cookie}");
        }

        if (accepted is not null)
        {
            request.Headers.Add("Accept-Language", accepted);
        }

        return _host.SendAsync(request);
    }

    private static string Cookie(Answer answer) => answer.Headers["Set-Cookie"];

    private static string Value(string cookie) => cookie.Split(';')[0].Split('=')[1];
}
