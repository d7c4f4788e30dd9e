namespace IdentityHub.Pages;

/// <summary>How the pages present this installation. Section <c>Pages</c>.</summary>
internal sealed class PagesOptions
{
    /// <summary>The name people know this installation by: in the header, in titles and in sentences. 1 to 60 characters; default <c>IdentityHub</c>.</summary>
    public string Name { get; set; } = "IdentityHub";

    /// <summary>A picture for the header, and for the tab of the browser: the path of an SVG or PNG file of at most 256 KiB. Default: IdentityHub's own mark.</summary>
    public string? Logo { get; set; }

    /// <summary>The picture for the dark; default: the same.</summary>
    public string? LogoDark { get; set; }

    /// <summary>True when the picture shows the name, which is then not written beside it. Default <c>false</c>.</summary>
    public bool LogoShowsName { get; set; }

    /// <summary>Links and buttons, <c>#rrggbb</c>. Refused when it cannot be read on the pages (a contrast of 4.5 to 1). Default <c>#0b6b63</c>.</summary>
    public string? Accent { get; set; }

    /// <summary>Links and buttons in the dark; default: the accent, lighter by as much as it needs.</summary>
    public string? AccentDark { get; set; }

    /// <summary>Around forms and lists, <c>#rrggbb</c>. Refused when text cannot be read on it. Default <c>#f3f6f5</c>.</summary>
    public string? Ground { get; set; }

    /// <summary>The same in the dark. Default <c>#0d1413</c>.</summary>
    public string? GroundDark { get; set; }
}
