using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>Pages behind Apache's mod_auth_openidc, which shares no line with us, at the hub.</summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed class ApacheTests(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Signing_out_elsewhere_kills_a_copy_of_its_cookie()
    {
        var (page, apache) = await SignedInAsync();
        var copy = await page.Context.CopyCookiesAsync();
        Assert.True(await apache.KnowsAsync(copy));

        await page.SignOutAtNotesAsync(installation);

        await Eventually.TrueAsync(async () => !await apache.KnowsAsync(copy), Soon, "the copied cookie is dead at Apache");
        await page.GotoAsync(apache.Dashboard.AbsoluteUri);
        Assert.True(await page.IsVisibleAsync("#password"), $"{apache.Dashboard} leads to {page.Url}, which asks for no password.");
    }

    [Fact]
    public async Task Signing_out_at_it_ends_the_others()
    {
        var (page, apache) = await SignedInAsync();
        var copy = await page.Context.CopyCookiesAsync();
        Assert.True(await installation.Notes.KnowsAsync(copy));

        await page.GotoAsync(apache.Address.AbsoluteUri);
        await page.ClickAsync("#sign-out");
        await page.WaitForSelectorAsync("#sign-in");

        Assert.Equal(apache.Address.AbsoluteUri, page.Url);
        Assert.False(await apache.KnowsAsync(copy));
        await Eventually.TrueAsync(async () => !await installation.Notes.KnowsAsync(copy), Soon, "the copied cookie is dead at Notes");
    }

    private async Task<(IPage Page, SampleApplication Apache)> SignedInAsync()
    {
        Assert.SkipWhen(installation.Apache is null, OtherSamples.NoApache);
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.GotoAsync(installation.Apache!.Dashboard.AbsoluteUri);
        await page.FillSignInAsync(person);
        await page.ArriveAtAsync(installation.Apache.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
        await page.GotoAsync(installation.Notes.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
        return (page, installation.Apache);
    }
}
