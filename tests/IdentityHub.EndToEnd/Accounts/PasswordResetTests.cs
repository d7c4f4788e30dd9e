using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing.InProcess;
using Xunit;

namespace IdentityHub.EndToEnd.Accounts;

/// <summary>A password that is replaced by way of the mailbox ends every session in every application, whoever copied what.</summary>
public abstract class PasswordResetTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private const string Chosen = "four quite different words";

    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Everything_that_was_copied_from_any_browser_is_dead_and_the_link_signs_nobody_in()
    {
        var person = await installation.NewPersonAsync();
        var (_, thief) = await Copies.OfSignedInAsync(_windows, installation, person);
        var (desk, own) = await Copies.OfSignedInAsync(_windows, installation, person);

        // On a telephone, say: who forgot the password is signed in nowhere there.
        var page = await _windows.OpenAsync();
        await page.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        await page.ClickAsync("#forgot");
        await page.FillAsync("#email", person.Email);
        await page.ClickAsync("#send-link");
        await page.WaitForSelectorAsync("#check-mailbox");
        await page.GotoAsync(Address(Mailbox.Link(await installation.Mail.WaitAsync(person.Email, "Choose a new password"), "/reset-password")));
        await page.FillAsync("#chosen", Chosen);
        await page.ClickAsync("#reset-password");
        await page.WaitForSelectorAsync("#ended");

        await thief.AssertDieAsync();
        await own.AssertDieAsync();
        await page.ConfirmedAsync(3);
        foreach (var window in new[] { page, desk })
        {
            await window.GotoAsync(installation.Hub.Address.AbsoluteUri);
            Assert.True(await window.IsVisibleAsync("#sign-in"));
        }

        await page.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        await page.FillSignInAsync(person);
        Assert.Contains("do not match an account", await page.InnerTextAsync("[role=alert]"), StringComparison.Ordinal);
        await page.FillSignInAsync(person with { Password = Chosen });
        await page.ArriveAtAsync(installation.Bank.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
    }

    private string Address(string path) => new Uri(installation.Hub.Address, path).AbsoluteUri;

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : PasswordResetTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : PasswordResetTests(installation, browser);
}
