using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>After sign-out nobody who sits down at the browser learns who sat there before.</summary>
public abstract class AfterSignOutTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Back_reload_and_the_address_typed_show_the_sign_in_page_and_never_a_name()
    {
        var person = await installation.NewPersonAsync();
        var notes = await _windows.OpenAsync();
        await notes.SignInEverywhereAsync(installation, person);
        var bank = await notes.Context.NewPageAsync();
        var hub = await notes.Context.NewPageAsync();
        foreach (var (page, address) in new[] { (notes, installation.Notes.Address), (bank, installation.Bank.Address), (hub, installation.Hub.Address) })
        {
            // Two entries in the history, both with the person's name.
            await page.GotoAsync(address.AbsoluteUri);
            await page.GotoAsync(new Uri(address, page == hub ? "/?again" : "/dashboard").AbsoluteUri);
            Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
        }

        var copy = await notes.Context.CopyCookiesAsync();
        await notes.ClickAsync("#sign-out");
        await notes.ArriveAtAsync(installation.Notes.Address.AbsoluteUri);
        await Eventually.TrueAsync(async () => !await installation.Bank.KnowsAsync(copy), TimeSpan.FromSeconds(30), "Bank has heard of it");

        foreach (var (page, secret) in new[] { (notes, installation.Notes.Dashboard), (bank, installation.Bank.Dashboard), (hub, installation.Hub.Address) })
        {
            await page.ReloadAsync();
            await ShowsSignInAsync(page, person, "after a reload");
            await page.GoBackAsync();
            await ShowsSignInAsync(page, person, "after Back");
            await page.GotoAsync(secret.AbsoluteUri);
            await ShowsSignInAsync(page, person, "at the address");
            Assert.True(await page.IsVisibleAsync("#password"), $"{secret} leads to {page.Url}, which asks for no password.");
        }
    }

    // Notes and Bank offer a link of that name to strangers, the hub its form.
    private static async Task ShowsSignInAsync(IPage page, Person person, string when)
    {
        await page.WaitForSelectorAsync("#sign-in");
        var html = await page.ContentAsync();
        Assert.False(html.Contains(person.Name, StringComparison.Ordinal) || html.Contains(person.Email, StringComparison.Ordinal), $"{page.Url} shows the person {when}.");
    }

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : AfterSignOutTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : AfterSignOutTests(installation, browser);
}
