using System.Globalization;

namespace IdentityHub.Pages;

/// <summary>The languages that the pages speak: English, and each that has a resource file of its own.</summary>
internal static class Languages
{
    /// <summary>What is spoken to somebody of whom nothing is known, and to programs.</summary>
    public static readonly CultureInfo Default = CultureInfo.GetCultureInfo("en");

    // The build puts each Texts.<language>.resx into an assembly of its own, in a folder of that name beside ours.
    public static readonly IReadOnlyList<CultureInfo> All =
    [
        Default,
        .. Directory.EnumerateFiles(AppContext.BaseDirectory, $"{typeof(Languages).Assembly.GetName().Name}.resources.dll", SearchOption.AllDirectories)
            .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!)).Order(StringComparer.Ordinal).Select(CultureInfo.GetCultureInfo),
    ];

    /// <summary>The one that answers to a language tag, null when none does: <c>de-AT</c> is answered in <c>de</c> (RFC 4647 §3.4).</summary>
    public static CultureInfo? Match(string? tag)
    {
        while (!string.IsNullOrEmpty(tag))
        {
            if (All.FirstOrDefault(l => l.Name.Equals(tag, StringComparison.OrdinalIgnoreCase)) is { } found)
            {
                return found;
            }

            tag = tag[..Math.Max(0, tag.LastIndexOf('-'))];
        }

        return null;
    }
}
