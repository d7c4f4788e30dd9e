using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing.InProcess;
using Xunit;

namespace IdentityHub.EndToEnd.Accounts;

/// <summary>Another e-mail address ends every other session in every application, whoever copied what, and not before it is confirmed.</summary>
public abstract class EmailChangeTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task The_other_browser_and_all_tokens_are_dead_and_this_one_goes_on_with_a_new_cookie()
    {
        var (person, chosen) = (await installation.NewPersonAsync(), Person.New().Email);
        var (_, thief) = await Copies.OfSignedInAsync(_windows, installation, person);
        var (page, own) = await Copies.OfSignedInAsync(_windows, installation, person);

        await page.GotoAsync(Address("/account/security"));
        await page.ClickAsync("#change-email");
        await page.FillAsync("#email", chosen);
        await page.ClickAsync("#change-email");
        await page.WaitForSelectorAsync("#check-mailbox");
        var link = Mailbox.Link(await installation.Mail.WaitAsync(chosen, "Confirm your new e-mail address"), "/account/email/confirm");
        // Asking alone changes nothing: it might be a mistyped address, or somebody else at the keyboard.
        await thief.AssertAliveAsync();

        await page.GotoAsync(Address(link));
        // The copied one, and the one in which the account was made.
        Assert.Contains("Your 2 other sessions end", await page.InnerTextAsync("#what-ends"), StringComparison.Ordinal);
        await page.ClickAsync("#confirm-new-email");
        await page.WaitForSelectorAsync("#ended");

        await thief.AssertDieAsync();
        await page.ConfirmedAsync(3);
        // This session lives on at the hub and in its applications, but nothing copied from it opens the hub.
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        Assert.Contains(chosen, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Equal(installation.Applications.Select(a => a.ToString()), await own.ApplicationsAsync());
        Assert.Equal([], await own.AtHubAsync());
        await installation.Mail.WaitAsync(person.Email, "has another e-mail address now");

        // And from now on it is the new address that signs in.
        var later = await _windows.OpenAsync();
        await later.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        await later.FillSignInAsync(person);
        await later.WaitForSelectorAsync("[role=alert]");
        await later.FillSignInAsync(person with { Email = chosen });
        await later.ArriveAtAsync(installation.Bank.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await later.ContentAsync(), StringComparison.Ordinal);
    }

    private string Address(string path) => new Uri(installation.Hub.Address, path).AbsoluteUri;

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : EmailChangeTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : EmailChangeTests(installation, browser);
}
