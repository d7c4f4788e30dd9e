namespace IdentityHub.Pages;

/// <summary>The colours that a page is made of in the light or in the dark. An installation may choose its accent and its ground; the rest is ours. Pure.</summary>
/// <param name="Surface">Under forms and lists.</param>
/// <param name="Ground">Around them.</param>
/// <param name="Text">Ordinary text.</param>
/// <param name="Quiet">Text of less weight.</param>
/// <param name="Accent">Links, buttons, the ring around what has the focus.</param>
/// <param name="Tint">How much of the accent is in the surface under notes and marks.</param>
/// <param name="Deep">What stands on a bright button.</param>
internal sealed record Scheme(Colour Surface, Colour Ground, Colour Text, Colour Quiet, Colour Accent, double Tint, Colour Deep)
{
    /// <summary>WCAG 2.2 §1.4.3 for text of ordinary size.</summary>
    public const double Readable = 4.5;

    public static readonly Scheme Light = new(C("#ffffff"), C("#f3f6f5"), C("#14211f"), C("#566461"), C("#0b6b63"), 0.11, C("#06211e"));

    public static readonly Scheme Dark = new(C("#161f1d"), C("#0d1413"), C("#e7eeec"), C("#a3b1ad"), C("#5fd0c3"), 0.16, C("#06211e"));

    /// <summary>The accent a shade towards the text: under the pointer.</summary>
    public Colour AccentStrong => Accent.Mix(Text, 0.25);

    public Colour Tinted => Surface.Mix(Accent, Tint);

    /// <summary>What is written on the accent: white or nearly black, whichever can be read better.</summary>
    public Colour OnAccent => Accent.Contrast(Colour.White) >= Accent.Contrast(Deep) ? Colour.White : Deep;

    /// <summary>The same accent, with as much white as it needs to be read in this scheme.</summary>
    public Scheme WithReadable(Colour accent)
    {
        var scheme = this with { Accent = accent };
        for (var white = 0.0; white < 1 && scheme.AccentRefusal() is not null; white += 0.04)
        {
            scheme = this with { Accent = accent.Mix(Colour.White, white) };
        }

        return scheme;
    }

    /// <summary>Where the accent cannot be read, or what cannot be read on it; null when all is well.</summary>
    public string? AccentRefusal() =>
        Unreadable("links", Accent, "page", Surface) ?? Unreadable("links", Accent, "ground", Ground) ?? Unreadable("links", Accent, "notes", Tinted)
        ?? Unreadable("words", OnAccent, "buttons", Accent) ?? Unreadable("words", OnAccent, "buttons under the pointer", AccentStrong);

    /// <summary>What cannot be read on the ground; null when all is well.</summary>
    public string? GroundRefusal() => Unreadable("text", Text, "ground", Ground) ?? Unreadable("small text", Quiet, "ground", Ground);

    /// <summary>The custom properties of the stylesheet.</summary>
    public string ToCss() => $"--accent:{Accent};--accent-strong:{AccentStrong};--on-accent:{OnAccent};--tint:{Tinted};--ground:{Ground}";

    private static string? Unreadable(string what, Colour colour, string where, Colour under) => colour.Contrast(under) is var contrast && contrast < Readable
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{what} ({colour}) on the {where} ({under}) would have a contrast of {contrast:0.0} to 1")
        : null;

    private static Colour C(string text) => Colour.Parse(text)!.Value;
}
