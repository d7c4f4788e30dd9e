using System.Globalization;

namespace IdentityHub.Pages;

/// <summary>
/// Which form of a text goes with a number. The forms stand behind each other in the order of the language (one, other:
/// "One session|{0} sessions"); before them may stand one for none at all, marked <c>=0</c>: "=0 No session|One session|{0} sessions". Pure.
/// </summary>
internal static class Plural
{
    private const string None = "=0 ";

    public static string Form(string text, int number, CultureInfo language)
    {
        var forms = text.Split('|');
        if (forms[0].StartsWith(None, StringComparison.Ordinal))
        {
            if (number == 0)
            {
                return forms[0][None.Length..];
            }

            forms = forms[1..];
        }

        return forms[Index(language.TwoLetterISOLanguageName, number)];
    }

    /// <summary>How many forms a text has in this language, without the one for none.</summary>
    public static int Forms(CultureInfo language) => Enumerable.Range(0, 200).Max(n => Index(language.TwoLetterISOLanguageName, n)) + 1;

    // Unicode CLDR, "Language Plural Rules", for whole numbers; the families that most languages belong to.
    private static int Index(string language, int n) => language switch
    {
        "ja" or "ko" or "zh" or "th" or "vi" or "id" => 0,
        "fr" or "pt" => n is 0 or 1 ? 0 : 1,
        "cs" or "sk" => n == 1 ? 0 : n is >= 2 and <= 4 ? 1 : 2,
        "pl" => n == 1 ? 0 : Few(n) ? 1 : 2,
        "ru" or "uk" or "sr" or "hr" or "bs" => n % 10 == 1 && n % 100 != 11 ? 0 : Few(n) ? 1 : 2,
        _ => n == 1 ? 0 : 1,
    };

    private static bool Few(int n) => n % 10 is >= 2 and <= 4 && n % 100 is < 12 or > 14;
}
