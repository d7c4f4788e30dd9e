using Microsoft.AspNetCore.Components;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace IdentityHub.Admin;

/// <summary>
/// Pictures of a day, drawn on the server: SVG without a style or a script in it. Each has a title and a description for
/// who does not see it; the numbers stand in a table beside it. Pure.
/// </summary>
internal static class Chart
{
    private const int Width = 720;
    private const int Height = 150;
    private const int Top = 18;
    private const int Bottom = 22;

    /// <summary>A bar for each hour.</summary>
    public static MarkupString Bars(string id, string title, string description, IReadOnlyList<(DateTimeOffset Hour, int Value)> hours)
    {
        var (svg, most, step) = (Begin(id, title, description), Math.Max(1, hours.Max(h => h.Value)), (double)Width / hours.Count);
        Scale(svg, Number(most));
        foreach (var (n, (hour, value)) in hours.Index())
        {
            var height = (Height - Top - Bottom) * value / (double)most;
            svg.Append(CultureInfo.InvariantCulture, $"""<rect class="bar" x="{(n * step) + 2:0.#}" y="{Height - Bottom - height:0.#}" width="{step - 4:0.#}" height="{height:0.#}" rx="2"/>""");
            Label(svg, n, hours.Count, step, hour);
        }

        return End(svg);
    }

    /// <summary>A line for each series; where an hour has no value it is interrupted.</summary>
    public static MarkupString Lines(string id, string title, string description, IReadOnlyList<DateTimeOffset> hours, IReadOnlyList<(string Name, IReadOnlyList<int?> Values)> series)
    {
        var (svg, most, step) = (Begin(id, title, description), Math.Max(1, series.Max(s => s.Values.Max() ?? 0)), (double)Width / hours.Count);
        Scale(svg, $"{Number(most)} ms");
        foreach (var (n, hour) in hours.Index())
        {
            Label(svg, n, hours.Count, step, hour);
        }

        foreach (var (s, (_, values)) in series.Index())
        {
            string Y(int value) => (Height - Bottom - ((Height - Top - Bottom) * value / (double)most)).ToString("0.#", CultureInfo.InvariantCulture);
            string X(int n) => ((n + .5) * step).ToString("0.#", CultureInfo.InvariantCulture);
            var path = new StringBuilder();
            foreach (var (n, value) in values.Index())
            {
                if (value is { } v)
                {
                    path.Append(CultureInfo.InvariantCulture, $"{(n == 0 || values[n - 1] is null ? 'M' : 'L')}{X(n)} {Y(v)}");
                    svg.Append(CultureInfo.InvariantCulture, $"""<circle class="dot line-{s}" cx="{X(n)}" cy="{Y(v)}" r="3"/>""");
                }
            }

            svg.Append(CultureInfo.InvariantCulture, $"""<path class="line line-{s}" d="{path}"/>""");
        }

        return End(svg);
    }

    private static StringBuilder Begin(string id, string title, string description) => new StringBuilder().Append(CultureInfo.InvariantCulture,
        $"""<svg class="chart" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="{id}-title {id}-desc"><title id="{id}-title">{HtmlEncoder.Default.Encode(title)}</title><desc id="{id}-desc">{HtmlEncoder.Default.Encode(description)}</desc>""");

    private static void Scale(StringBuilder svg, string most) => svg.Append(CultureInfo.InvariantCulture,
        $"""<path class="grid" d="M0 {Top}H{Width}M0 {Height - Bottom}H{Width}"/><text x="0" y="{Top - 5}">{HtmlEncoder.Default.Encode(most)}</text>""");

    // Every sixth hour, counted from the present one.
    private static void Label(StringBuilder svg, int n, int count, double step, DateTimeOffset hour)
    {
        if ((count - 1 - n) % 6 == 0)
        {
            svg.Append(CultureInfo.InvariantCulture, $"""<text class="hour" x="{(n + .5) * step:0.#}" y="{Height - 6}">{hour:HH:mm}</text>""");
        }
    }

    private static MarkupString End(StringBuilder svg) => new(svg.Append("</svg>").ToString());

    private static string Number(int value) => value.ToString("N0", CultureInfo.CurrentCulture);
}
