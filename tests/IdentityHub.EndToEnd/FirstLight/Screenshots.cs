using IdentityHub.Access;
using IdentityHub.EndToEnd.Administration;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>
/// Makes the README's pictures, and one of each sample application at two widths in light and dark, to be looked at. Not a test: runs
/// only with <c>IDENTITYHUB_SCREENSHOTS=1</c>.
/// </summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed class Screenshots(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
    private const string Telephone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";
    private const string Desk = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0";

    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task The_picture_of_the_README()
    {
        var page = await StrangerAsync();
        var ada = Person.New() with { Name = "Ada Lovelace", Email = "ada@example.com" };
        await installation.Hub.AddPersonAsync(ada.Email, ada.Name, ada.Password);
        await page.SignInEverywhereAsync(installation, ada);
        await page.SetViewportSizeAsync(616, 632);
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        var account = await page.ScreenshotAsync();
        await page.ClickAsync("#sign-out");
        await page.WaitForSelectorAsync("#signed-out");
        var signedOut = await page.ScreenshotAsync();

        await KeepAsync("first-light", 616, 632, account, signedOut);
    }

    [Fact]
    public async Task The_pictures_of_what_a_person_steers()
    {
        var page = await StrangerAsync();
        var ada = Person.New() with { Name = "Ada Lovelace", Email = "ada@id.example.com" };
        await installation.Hub.AddPersonAsync(ada.Email, ada.Name, ada.Password);
        foreach (var agent in new[] { Telephone, Desk })
        {
            var elsewhere = await _windows.OpenAsync();
            await elsewhere.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["User-Agent"] = agent, ["Sec-CH-UA"] = "", ["Sec-CH-UA-Platform"] = "" });
            await elsewhere.SignInEverywhereAsync(installation, ada);
        }

        await page.SetViewportSizeAsync(616, 760);
        await page.SignInEverywhereAsync(installation, ada);
        await page.GotoAsync(new Uri(installation.Hub.Address, "/account/sessions").AbsoluteUri);
        var sessions = await page.ScreenshotAsync();
        await page.GotoAsync(new Uri(installation.Hub.Address, "/account/password").AbsoluteUri);
        await KeepAsync("sessions", 616, 760, sessions, await page.ScreenshotAsync());

        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.SetViewportSizeAsync(390, 760);
        await page.GotoAsync(new Uri(installation.Hub.Address, "/account/second-factor").AbsoluteUri);
        var (app, now) = (new AuthenticatorApp(await page.InnerTextAsync("#secret")), TimeProvider.System.GetUtcNow());
        var setUp = await page.ScreenshotAsync();
        await page.FillAsync("#code", app.CodeAt(now));
        await page.ClickAsync("#set-up");
        await page.ClickAsync("#outcome");
        await page.WaitForSelectorAsync("#ended");
        var ended = await page.ScreenshotAsync();

        var again = await _windows.OpenAsync();
        await again.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await again.SetViewportSizeAsync(390, 760);
        await again.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        await KeepAsync("second-factor", 390, 760, await again.ScreenshotAsync(), setUp, ended);
    }

    [Fact]
    public async Task The_picture_of_the_administration()
    {
        var page = await StrangerAsync();
        var grace = Person.New() with { Name = "Grace Hopper", Email = "grace@id.example.com" };
        await installation.Hub.AddPersonAsync(grace.Email, grace.Name, grace.Password);
        foreach (var agent in new[] { Telephone, Desk })
        {
            var elsewhere = await _windows.OpenAsync();
            await elsewhere.Context.SetExtraHTTPHeadersAsync(new Dictionary<string, string> { ["User-Agent"] = agent, ["Sec-CH-UA"] = "", ["Sec-CH-UA-Platform"] = "" });
            await elsewhere.SignInEverywhereAsync(installation, grace);
        }

        await page.SetViewportSizeAsync(616, 760);
        await installation.AdministerAsync(page, AdminRole.Operator);
        await page.GotoAsync(new Uri(installation.Hub.Address, "/admin/people").AbsoluteUri);
        await page.FillAsync("#q", grace.Email);
        await page.ClickAsync("#find");
        await page.ClickAsync(".people a");
        await page.ClickAsync("#end-all");
        await page.WaitForSelectorAsync("#what-ends");
        var preview = await page.ScreenshotAsync();
        await page.ClickAsync("#do");
        await page.Locator("#ended .state.good").Nth(2).WaitForAsync();
        await KeepAsync("administration", 616, 760, preview, await page.ScreenshotAsync());
    }

    [Fact]
    public async Task The_applications()
    {
        var stranger = await StrangerAsync();
        await KeepAsync(stranger, "notes-stranger", installation.Notes.Address);
        await KeepAsync(stranger, "bank-stranger", installation.Bank.Address);
        await KeepAsync(stranger, "express-stranger", installation.Express.Address);

        var page = await _windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, await installation.NewPersonAsync());
        await KeepAsync(page, "notes", installation.Notes.Dashboard);
        await KeepAsync(page, "bank", installation.Bank.Dashboard);
        await KeepAsync(page, "express", installation.Express.Dashboard);
    }

    /// <summary>Puts pictures of one size beside each other, into the documentation.</summary>
    private async Task KeepAsync(string name, int width, int height, params byte[][] pictures)
    {
        // A page of its own: the hub's forbids the style.
        var picture = await _windows.OpenAsync();
        await picture.SetViewportSizeAsync((pictures.Length * (width + 16)) + 16, height + 32);
        await picture.SetContentAsync($$"""
            <style>
              body { margin: 0; background: #cfdad7; display: flex; gap: 16px; padding: 16px }
              img { width: {{width}}px; height: {{height}}px; border-radius: 10px; box-shadow: 0 4px 16px #0002 }
            </style>
            {{string.Concat(pictures.Select(Image))}}
            """);
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "images")).FullName;
        await picture.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
    }

    private static string Image(byte[] picture) => $"""<img alt="" src="data:image/png;base64,{Convert.ToBase64String(picture)}">""";

    private async Task<IPage> StrangerAsync()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("IDENTITYHUB_SCREENSHOTS") == "1", "Makes pictures only with IDENTITYHUB_SCREENSHOTS=1.");
        return await _windows.OpenAsync();
    }

    private static async Task KeepAsync(IPage page, string name, Uri address)
    {
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "screenshots", "pages")).FullName;
        foreach (var (scheme, suffix) in new[] { (ColorScheme.Light, "light"), (ColorScheme.Dark, "dark") })
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            foreach (var width in new[] { 390, 1280 })
            {
                await page.SetViewportSizeAsync(width, 800);
                await page.GotoAsync(address.AbsoluteUri);
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}-{suffix}.png"), FullPage = true });
                Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at {width} px.");
            }
        }
    }
}
