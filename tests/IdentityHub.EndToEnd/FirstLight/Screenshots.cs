using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>
/// Makes the README's picture, and one of each sample application at two widths in light and dark, to be looked at. Not a test: runs
/// only with <c>IDENTITYHUB_SCREENSHOTS=1</c>.
/// </summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed class Screenshots(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
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

        // A page of its own: the hub's forbids the style.
        var picture = await _windows.OpenAsync();
        await picture.SetViewportSizeAsync(1280, 664);
        await picture.SetContentAsync($$"""
            <style>
              body { margin: 0; background: #cfdad7; display: flex; gap: 16px; padding: 16px }
              img { width: 616px; height: 632px; border-radius: 10px; box-shadow: 0 4px 16px #0002 }
            </style>
            {{Image(account)}}{{Image(signedOut)}}
            """);
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "images")).FullName;
        await picture.ScreenshotAsync(new() { Path = Path.Combine(folder, "first-light.png") });
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
