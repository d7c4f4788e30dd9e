using System.Collections.Frozen;
using System.Text;
using Microsoft.Extensions.Options;

namespace IdentityHub.Pages;

/// <summary>
/// What an installation changed about the look: a stylesheet that stands after ours, and its pictures. Both are files of
/// our own address, so that the content security policy needs no exception.
/// </summary>
internal sealed class Brand
{
    private readonly FrozenDictionary<string, PageAssets.Asset> _byAddress;

    public Brand(IOptions<PagesOptions> options)
    {
        var pages = options.Value;
        if (pages is { Accent: null, AccentDark: null, Ground: null, GroundDark: null } is false)
        {
            var (light, dark) = Schemes(pages);
            var css = $":root{{{light.ToCss()}}}@media (prefers-color-scheme:dark){{:root{{{dark.ToCss()}}}}}";
            Stylesheet = PageAssets.Asset.Of("brand.css", Encoding.UTF8.GetBytes(css));
        }

        Logo = pages.Logo is null ? null : BrandPicture.Read(pages.Logo, "logo");
        LogoDark = pages.LogoDark is null ? null : BrandPicture.Read(pages.LogoDark, "logo-dark");
        _byAddress = new[] { Stylesheet, Logo, LogoDark }.OfType<PageAssets.Asset>().ToFrozenDictionary(a => a.Address);
    }

    public PageAssets.Asset? Stylesheet { get; }

    public PageAssets.Asset? Logo { get; }

    public PageAssets.Asset? LogoDark { get; }

    public PageAssets.Asset? Find(string address) => _byAddress.GetValueOrDefault(address);

    /// <summary>The colours of the light and of the dark; every setting that is there is a colour.</summary>
    public static (Scheme Light, Scheme Dark) Schemes(PagesOptions options)
    {
        var light = Scheme.Light with { Ground = Of(options.Ground) ?? Scheme.Light.Ground, Accent = Of(options.Accent) ?? Scheme.Light.Accent };
        var dark = Scheme.Dark with { Ground = Of(options.GroundDark) ?? Scheme.Dark.Ground };
        return (light, Of(options.AccentDark) is { } chosen ? dark with { Accent = chosen } : Of(options.Accent) is { } accent ? dark.WithReadable(accent) : dark);
    }

    private static Colour? Of(string? text) => text is null ? null : Colour.Parse(text);
}
