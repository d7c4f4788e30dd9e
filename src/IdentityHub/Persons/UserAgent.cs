using IdentityHub.Pages;
using System.Text.RegularExpressions;

namespace IdentityHub.Persons;

/// <summary>
/// Browser and system in the words of a person, from what the browser says of itself. Pure, and a hint only: anybody can
/// send anything. What it does not know it does not guess.
/// </summary>
internal static partial class UserAgent
{
    public static string Describe(string? text) => (Browser(text ?? ""), System(text ?? "")) switch
    {
        (null, null) => Texts.DeviceUnknown,
        ({ } browser, null) => browser,
        (null, { } system) => Texts.DeviceUnknownBrowser.With(system),
        var (browser, system) => Texts.DeviceOn.With(browser, system),
    };

    // In this order: almost all call themselves Mozilla and Safari, and those made of Chromium Chrome as well.
    private static string? Browser(string text) =>
        Named(Edge(), "Edge", text) ?? Named(Opera(), "Opera", text) ?? Named(Samsung(), "Samsung Internet", text)
        ?? Named(Firefox(), "Firefox", text) ?? Named(Chrome(), "Chrome", text) ?? Named(Safari(), "Safari", text)
        ?? Named(Curl(), "curl", text);

    private static string? System(string text) => text switch
    {
        _ when text.Contains("iPhone", StringComparison.Ordinal) => "iPhone",
        _ when text.Contains("iPad", StringComparison.Ordinal) => "iPad",
        _ when text.Contains("Android", StringComparison.Ordinal) => "Android",
        _ when text.Contains("Windows NT", StringComparison.Ordinal) => "Windows",
        _ when text.Contains("CrOS", StringComparison.Ordinal) => "ChromeOS",
        _ when text.Contains("Macintosh", StringComparison.Ordinal) => "macOS",
        _ when text.Contains("Linux", StringComparison.Ordinal) => "Linux",
        _ => null,
    };

    private static string? Named(Regex pattern, string name, string text) => pattern.Match(text) is { Success: true } found ? $"{name} {found.Groups[1].Value}" : null;

    [GeneratedRegex(@"\bEdg(?:A|iOS)?/(\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Edge();

    [GeneratedRegex(@"\b(?:OPR|OPT)/(\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Opera();

    [GeneratedRegex(@"\bSamsungBrowser/(\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Samsung();

    [GeneratedRegex(@"\b(?:Firefox|FxiOS)/(\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Firefox();

    [GeneratedRegex(@"\b(?:Headless)?(?:Chrome|CriOS)/(\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Chrome();

    [GeneratedRegex(@"\bVersion/(\d{1,4})[\d.]* (?:Mobile/\w+ )?Safari/", RegexOptions.CultureInvariant)]
    private static partial Regex Safari();

    [GeneratedRegex(@"^curl/(\d{1,4})", RegexOptions.CultureInvariant)]
    private static partial Regex Curl();
}
