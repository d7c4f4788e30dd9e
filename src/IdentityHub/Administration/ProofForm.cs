using System.Net;
using System.Text.RegularExpressions;

namespace IdentityHub.Administration;

/// <summary>
/// Reads the page by which the hub answers <c>response_mode=form_post</c>, as the script on it would send it. Pure; it
/// reads the hub's own page and no other.
/// </summary>
internal static partial class ProofForm
{
    /// <summary>Null when the page is another one.</summary>
    public static (string Action, IReadOnlyList<KeyValuePair<string, string>> Fields)? Read(string html) => Form().Match(html) is { Success: true } form
        ? (WebUtility.HtmlDecode(form.Groups[1].Value),
            [.. Field().Matches(form.Groups[2].Value).Select(f => KeyValuePair.Create(WebUtility.HtmlDecode(f.Groups[1].Value), WebUtility.HtmlDecode(f.Groups[2].Value)))])
        : null;

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\" data-sends-itself[^>]*>(.*?)</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"")]
    private static partial Regex Field();
}
