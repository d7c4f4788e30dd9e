using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;

namespace IdentityHub.Pages;

/// <summary>Puts values into the texts of <c>Texts</c>, in the language of the request.</summary>
internal static partial class Wording
{
    /// <summary>The text with values in the place of <c>{0}</c>, <c>{1}</c> …</summary>
    public static string With(this string text, params object?[] values) => string.Format(CultureInfo.CurrentCulture, text, values);

    /// <summary>The form of the text for this number (see <see cref="Plural"/>), with the number in the place of <c>{0}</c> and more values behind it.</summary>
    public static string Count(this string text, int number, params object?[] values) =>
        Plural.Form(text, number, CultureInfo.CurrentUICulture).With([number, .. values]);

    /// <summary>The text with each value in bold type.</summary>
    public static RenderFragment Strong(this string text, params string[] values) => text.Around([.. values.Select(value => (RenderFragment)(builder =>
    {
        builder.OpenElement(0, "strong");
        builder.AddContent(1, value);
        builder.CloseElement();
    }))]);

    /// <summary>The text with pieces of a page in the place of <c>{0}</c>, <c>{1}</c> …: <c>@(Texts.X.Around(@&lt;a href="/"&gt;…&lt;/a&gt;))</c>.</summary>
    public static RenderFragment Around(this string text, params RenderFragment[] pieces) => builder =>
    {
        // Every second part is a number: what the pattern caught.
        foreach (var (index, part) in Place().Split(text).Index())
        {
            if (index % 2 == 0)
            {
                builder.AddContent(0, part);
            }
            else
            {
                builder.AddContent(1, pieces[int.Parse(part, CultureInfo.InvariantCulture)]);
            }
        }
    };

    [GeneratedRegex(@"\{(\d)\}")]
    private static partial Regex Place();
}
