using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Accounts;

/// <summary>A password change ends every other session in every application, whoever copied what, and shows which confirmed.</summary>
public abstract class PasswordChangeTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private const string Chosen = "four quite different words";

    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task The_other_browser_and_all_tokens_are_dead_and_this_one_goes_on_with_a_new_cookie()
    {
        var person = await installation.NewPersonAsync();
        var (_, thief) = await SignedInAsync(person);
        var (page, own) = await SignedInAsync(person);

        await page.GotoAsync(Address("/account/password"));
        // The copied one, and the one in which the account was made.
        Assert.Contains("Your 2 other sessions end", await page.InnerTextAsync("#what-ends"), StringComparison.Ordinal);
        await ChangeAsync(page, person);

        await thief.AssertDieAsync();
        await page.ConfirmedAsync(3);
        // This session lives on at the hub and in its applications, but nothing copied from it opens the hub.
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        Assert.Equal(installation.Hub.Address.AbsoluteUri, page.Url);
        Assert.Equal(installation.Applications.Select(a => a.ToString()), await own.ApplicationsAsync());
        Assert.Equal([], await own.AtHubAsync());
        await page.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_person_may_end_this_session_as_well()
    {
        var person = await installation.NewPersonAsync();
        var (page, own) = await SignedInAsync(person);

        await page.GotoAsync(Address("/account/password"));
        await page.CheckAsync("#end_this");
        await ChangeAsync(page, person);

        await own.AssertDieAsync();
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        Assert.True(await page.IsVisibleAsync("#sign-in"));
    }

    [Fact]
    public async Task A_late_confirmation_appears_without_a_reload()
    {
        var person = await installation.NewPersonAsync();
        var failing = installation.Stubs["failing"];
        failing.Answer = new BackChannelAnswer.Status(503);
        var elsewhere = new HubDriver(installation.Hub.Address);
        await elsewhere.SignInAsync(person.Email, person.Password);
        await elsewhere.EnterAsync(failing.Settings);
        var page = await _windows.OpenAsync();
        await page.SignInAtHubAsync(installation, person);

        try
        {
            await page.GotoAsync(Address("/account/password"));
            await ChangeAsync(page, person);
            Assert.Contains("Has not confirmed yet, we keep trying", await page.InnerTextAsync("#ended"), StringComparison.Ordinal);
        }
        finally
        {
            failing.Answer = BackChannelAnswer.Ok;
        }

        await page.WaitForSelectorAsync("#ended .state.good", new() { Timeout = 60_000 });
        Assert.Contains("The application has confirmed it.", await page.InnerTextAsync("#ended"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_proof_is_asked_for_again_and_returns_to_the_page()
    {
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.SignInAtHubAsync(installation, person);
        await installation.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.User!.Email == person.Email)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.AuthenticatedAt, TimeProvider.System.GetUtcNow().AddMinutes(-6))));

        await page.GotoAsync(Address("/account/password"));
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("#confirm");

        await page.ArriveAtAsync(Address("/account/password"));
        await ChangeAsync(page, person);
        Assert.Contains("Your password is changed", await page.InnerTextAsync("h1"), StringComparison.Ordinal);
    }

    private string Address(string path) => new Uri(installation.Hub.Address, path).AbsoluteUri;

    private static async Task ChangeAsync(IPage page, Person person)
    {
        await page.FillAsync("#current", person.Password);
        await page.FillAsync("#chosen", Chosen);
        await page.ClickAsync("#change-password");
        await page.WaitForSelectorAsync("#ended");
    }

    private Task<(IPage Page, Copies Copies)> SignedInAsync(Person person) => Copies.OfSignedInAsync(_windows, installation, person);

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : PasswordChangeTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : PasswordChangeTests(installation, browser);
}
