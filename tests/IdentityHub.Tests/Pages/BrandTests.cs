using System.Text.RegularExpressions;
using IdentityHub.Pages;
using IdentityHub.Tests.Testing;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Pages;

/// <summary>The name, the picture and the colours of an installation, and the refusal of those that nobody could read.</summary>
public sealed partial class BrandTests : IDisposable
{
    private const string Svg = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><rect width="1" height="1"/></svg>""";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_settings_no_further_stylesheet_is_loaded()
    {
        await using var host = await PagesHost.StartAsync();

        (await host.GetAsync("/page")).Hides("brand.");
    }

    [Fact]
    public async Task The_accent_is_in_a_stylesheet_of_our_own_address()
    {
        await using var host = await PagesHost.StartAsync("--Pages:Accent", "#7a1fa2");

        var page = await host.GetAsync("/page");
        var css = await host.GetAsync(Stylesheet().Match(page.Text).Groups[1].Value);

        Assert.Equal("text/css; charset=utf-8", css.Headers["Content-Type"]);
        Assert.StartsWith(":root{--accent:#7a1fa2;", css.Text, StringComparison.Ordinal);
        Assert.Contains("--on-accent:#ffffff", css.Text, StringComparison.Ordinal);
        Assert.Contains("style-src 'self';", page.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        page.Hides("style=");
        page.Hides("<style");
    }

    [Theory]
    [InlineData("Accent", "#ffcc00", "Pages:Accent: links (#ffcc00) on the page (#ffffff) would have a contrast of 1.5 to 1; people need 4.5 (WCAG 2.2 §1.4.3). Choose a darker colour")]
    [InlineData("AccentDark", "#203040", "Choose a lighter colour")]
    [InlineData("Ground", "#606060", "Pages:Ground: text (#14211f) on the ground (#606060)")]
    [InlineData("GroundDark", "#ffffff", "Pages:GroundDark: text")]
    [InlineData("Accent", "teal", "Pages:Accent is \"teal\"; write a colour as # and six hexadecimal digits")]
    [InlineData("Logo", "/nowhere/logo.svg", "Pages:Logo is \"/nowhere/logo.svg\"; there is no such file")]
    [InlineData("Logo", "logo.gif", "it must be a file that ends in .svg or .png.")]
    public async Task What_nobody_can_read_or_see_stops_the_start(string setting, string value, string message)
    {
        var stopped = await Assert.ThrowsAsync<OptionsValidationException>(() => PagesHost.StartAsync($"--Pages:{setting}", value));

        Assert.Contains(message, stopped.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logo.png", Svg, "the file is not a PNG picture.")]
    [InlineData("logo.svg", "GIF89a", "the file is not an SVG picture.")]
    public async Task A_file_that_is_not_what_its_name_says_stops_the_start(string file, string content, string message)
    {
        var stopped = await Assert.ThrowsAsync<OptionsValidationException>(() => PagesHost.StartAsync("--Pages:Logo", Write(file, content)));

        Assert.Contains(message, stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_too_large_for_every_page_stops_the_start()
    {
        var stopped = await Assert.ThrowsAsync<OptionsValidationException>(() => PagesHost.StartAsync("--Pages:Logo", Write("logo.svg", Svg + new string(' ', 300_000))));

        Assert.Contains("larger than 256 KiB", stopped.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_picture_is_served_and_stands_beside_the_name()
    {
        await using var host = await PagesHost.StartAsync("--Pages:Logo", Write("ours.svg", Svg), "--Pages:Name", "Ministry of Walks");

        var page = await host.GetAsync("/page");
        var address = Regex.Match(page.Text, "<img class=\"logo\" src=\"([^\"]+)\" alt").Groups[1].Value;
        var picture = await host.GetAsync(address);

        Assert.Equal((Svg, "image/svg+xml"), (picture.Text, picture.Headers["Content-Type"]));
        // Opened by itself, it may do nothing but be seen.
        Assert.Contains("default-src 'none'; style-src 'self'; script-src 'self'", picture.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        page.Shows("<span>Ministry of Walks</span>");
    }

    [Fact]
    public async Task A_picture_that_shows_the_name_says_it_to_those_who_do_not_see()
    {
        await using var host = await PagesHost.StartAsync("--Pages:Logo", Write("ours.svg", Svg), "--Pages:Name", "Walks", "--Pages:LogoShowsName", "true");

        var page = await host.GetAsync("/page");

        Assert.Matches("<img class=\"logo\" src=\"[^\"]+\" alt=\"Walks\"", page.Text);
        page.Hides("<span>Walks</span>");
    }

    [Theory]
    [InlineData("#0b6b63")]
    [InlineData("#000000")]
    [InlineData("#7a1fa2")]
    [InlineData("#003399")]
    [InlineData("#a00000")]
    public void An_accent_for_the_light_becomes_one_for_the_dark(string accent)
    {
        var (light, dark) = Brand.Schemes(new PagesOptions { Accent = accent });

        Assert.Null(light.AccentRefusal());
        Assert.Null(dark.AccentRefusal());
    }

    [Fact]
    public void The_rule_and_the_stylesheet_speak_of_the_same_colours()
    {
        var css = File.ReadAllText(Path.Combine(Repository.Root, "src", "IdentityHub", "Pages", "hub.css"));
        var (light, dark) = (Properties(css.Split("@media")[0]), Properties(css.Split("@media")[1]));

        foreach (var (scheme, found) in new[] { (Scheme.Light, light), (Scheme.Dark, dark) })
        {
            Assert.Null(scheme.AccentRefusal());
            Assert.Null(scheme.GroundRefusal());
            Assert.Equal(
                (scheme.Surface, scheme.Ground, scheme.Text, scheme.Quiet, scheme.Accent, scheme.OnAccent),
                (found["surface"], found["ground"], found["text"], found["quiet"], found["accent"], found["on-accent"]));
            foreach (var (words, under) in new[]
            {
                ("text", "tint"), ("quiet", "surface"), ("good", "surface"), ("waiting", "surface"), ("bad", "surface"), ("bad", "bad-tint"), ("accent", "tint"), ("on-accent", "accent-strong"),
            })
            {
                Assert.True(found[words].Contrast(found[under]) >= Scheme.Readable, $"{words} on {under}");
            }
        }
    }

    private string Write(string file, string content)
    {
        var path = Path.Combine(_folder.Path, file);
        File.WriteAllText(path, content);
        return path;
    }

    private static Dictionary<string, Colour> Properties(string css) =>
        Property().Matches(css).ToDictionary(m => m.Groups[1].Value, m => Colour.Parse(m.Groups[2].Value)!.Value);

    [GeneratedRegex("--([a-z-]+): (#[0-9a-f]{6});")]
    private static partial Regex Property();

    [GeneratedRegex("<link rel=\"stylesheet\" href=\"(/assets/brand[^\"]+)\"")]
    private static partial Regex Stylesheet();
}
