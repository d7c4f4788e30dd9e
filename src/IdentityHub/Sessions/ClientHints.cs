using System.Text.RegularExpressions;

namespace IdentityHub.Sessions;

/// <summary>
/// Browser and system from the client hints that browsers made of Chromium send with every request (User-Agent Client
/// Hints §3). They name what the User-Agent leaves out, such as Brave. The hub asks for none besides: what they would add,
/// the model of a telephone say, is more than a person needs to recognise a session. Pure, and a hint only.
/// </summary>
internal static partial class ClientHints
{
    /// <summary>The longest description there can be: all its words are ours.</summary>
    public const int Longest = 60;

    // In this order: each also names the ones behind it.
    private static readonly (string Brand, string Name)[] Browsers =
    [
        ("Microsoft Edge", "Edge"), ("Brave", "Brave"), ("Opera", "Opera"), ("Vivaldi", "Vivaldi"), ("Samsung Internet", "Samsung Internet"),
        ("YaBrowser", "Yandex"), ("DuckDuckGo", "DuckDuckGo"), ("Google Chrome", "Chrome"), ("HeadlessChrome", "Chrome"), ("Chromium", "Chromium"),
    ];

    private static readonly Dictionary<string, string> Systems = new()
    {
        ["Windows"] = "Windows", ["macOS"] = "macOS", ["Linux"] = "Linux", ["Android"] = "Android", ["Chrome OS"] = "ChromeOS", ["Chromium OS"] = "ChromeOS",
    };

    /// <summary>As <c>Brave 130 on Windows</c>; null where browser or system is not said or not known.</summary>
    public static string? Describe(IHeaderDictionary headers)
    {
        var brands = Brand().Matches(headers["Sec-CH-UA"].ToString())
            .GroupBy(m => m.Groups[1].Value).ToDictionary(same => same.Key, same => same.First().Groups[2].Value);
        var (brand, name) = Array.Find(Browsers, b => brands.ContainsKey(b.Brand));
        return brand is not null && Systems.TryGetValue(headers["Sec-CH-UA-Platform"].ToString().Trim('"'), out var system)
            ? $"{name} {brands[brand]} on {system}"
            : null;
    }

    [GeneratedRegex("\"([^\"]{1,60})\";\\s*v=\"(\\d{1,4})\\b", RegexOptions.CultureInvariant)]
    private static partial Regex Brand();
}
