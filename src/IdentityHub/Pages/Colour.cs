using System.Globalization;

namespace IdentityHub.Pages;

/// <summary>A colour of the screen (sRGB), and how well another one can be read on it. Pure.</summary>
internal readonly record struct Colour(byte Red, byte Green, byte Blue)
{
    public static readonly Colour White = new(255, 255, 255);

    /// <summary>From <c>#rrggbb</c>; null when it is not that.</summary>
    public static Colour? Parse(string text) =>
        text is ['#', _, _, _, _, _, _] && int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? new((byte)(value >> 16), (byte)(value >> 8), (byte)value)
            : null;

    /// <summary>WCAG 2.2, "contrast ratio": from 1 (the same) to 21 (black and white).</summary>
    public double Contrast(Colour other)
    {
        var (mine, its) = (Luminance + 0.05, other.Luminance + 0.05);
        return Math.Max(mine, its) / Math.Min(mine, its);
    }

    /// <summary>This colour with a share, 0 to 1, of another in it.</summary>
    public Colour Mix(Colour other, double share) => new(Mix(Red, other.Red, share), Mix(Green, other.Green, share), Mix(Blue, other.Blue, share));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"#{Red:x2}{Green:x2}{Blue:x2}");

    // WCAG 2.2, "relative luminance".
    private double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    private static double Linear(byte channel) => channel / 255.0 is var c && c <= 0.04045 ? c / 12.92 : Math.Pow((c + 0.055) / 1.055, 2.4);

    private static byte Mix(byte one, byte other, double share) => (byte)Math.Round((one * (1 - share)) + (other * share));
}
