using IdentityHub.Data;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Accounts;

/// <summary>Passkeys in Chromium, with the authenticator that its tests have for them.</summary>
public abstract class PasskeyTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task It_is_added_signs_in_alone_confirms_and_is_removed()
    {
        var person = await installation.NewPersonAsync();
        var elsewhere = new HubDriver(installation.Hub.Address);
        await elsewhere.SignInAsync(person.Email, person.Password);
        var page = await _windows.OpenAsync();
        await page.AddAuthenticatorAsync(verifies: true);
        await page.SignInAtHubAsync(installation, person);
        var before = await SessionCookieAsync(page);

        await page.GotoAsync(Address("/account/passkeys/add"));
        Assert.Contains("other sessions end", await page.InnerTextAsync("#what-ends"), StringComparison.Ordinal);
        await page.FillAsync("#name", "My telephone");
        await page.ClickAsync("#add-passkey");
        await page.WaitForSelectorAsync("#ended");
        Assert.Contains("Your passkey is added", await page.InnerTextAsync("h1"), StringComparison.Ordinal);
        Assert.NotEqual(before, await SessionCookieAsync(page));
        Assert.Equal("login_required", (await elsewhere.AskSilentlyAsync(installation.Notes.Settings)).Error?.Code);

        // Signed out, and in again with nothing but the passkey, on the way to an application.
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        await page.ClickAsync("#sign-out");
        await page.WaitForSelectorAsync("#signed-out");
        await page.GotoAsync(installation.Notes.Dashboard.AbsoluteUri);
        await page.ClickAsync("#passkey");
        await page.ArriveAtAsync(installation.Notes.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
        Assert.Matches("^(swk|hwk) user mfa$", (await SessionAsync(page)).Amr);

        // It is a recent proof for the changes, and its own removal is one.
        await page.GotoAsync(Address("/account/security"));
        await page.GetByText("Remove", new() { Exact = false }).First.ClickAsync();
        await page.ClickAsync("#confirm-change");
        await page.WaitForSelectorAsync("#ended");
        Assert.Equal([RevocationReason.PasskeyAdded, RevocationReason.PasskeyRemoved], await ActsAsync(person));
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        await page.ClickAsync("#sign-out");
        await page.WaitForSelectorAsync("#signed-out");
        await page.GotoAsync(Address("/sign-in"));
        await page.ClickAsync("#passkey");
        await page.ArriveAtAsync(Address("/sign-in/passkey"));
        Assert.Contains("This passkey was not accepted", await page.InnerTextAsync(".alert:not([hidden])"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_that_does_not_verify_its_owner_signs_nobody_in()
    {
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.AddAuthenticatorAsync(verifies: false);
        await page.SignInAtHubAsync(installation, person);

        await page.GotoAsync(Address("/account/passkeys/add"));
        await page.ClickAsync("#add-passkey");
        await page.WaitForSelectorAsync("[data-passkey-trouble]:not([hidden])");

        Assert.Empty(await ActsAsync(person));
    }

    [Fact]
    public async Task The_browser_offers_it_behind_the_address_field()
    {
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.AddAuthenticatorAsync(verifies: true, offersByItself: true);
        await page.SignInAtHubAsync(installation, person);
        await page.GotoAsync(Address("/account/passkeys/add"));
        await page.ClickAsync("#add-passkey");
        await page.WaitForSelectorAsync("#ended");
        await page.Context.ClearCookiesAsync();

        await page.GotoAsync(Address("/sign-in"));

        await page.ArriveAtAsync(installation.Hub.Address.AbsoluteUri);
        Assert.Matches("^(swk|hwk) user mfa$", (await SessionAsync(page)).Amr);
    }

    [Fact]
    public async Task An_answer_that_was_copied_signs_in_once()
    {
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.AddAuthenticatorAsync(verifies: true);
        await page.SignInAtHubAsync(installation, person);
        await page.GotoAsync(Address("/account/passkeys/add"));
        await page.ClickAsync("#add-passkey");
        await page.WaitForSelectorAsync("#ended");
        await page.Context.ClearCookiesAsync();
        string? sent = null;
        page.Request += (_, request) => sent = request.Url.EndsWith("/sign-in/passkey", StringComparison.Ordinal) ? request.PostData : sent;
        await page.GotoAsync(Address("/sign-in"));
        await page.ClickAsync("#passkey");
        await page.ArriveAtAsync(installation.Hub.Address.AbsoluteUri);
        Assert.NotNull(sent);

        // A passkey that is on several devices has no counter, which would refuse the copy as well.
        await installation.Inside.AskAsync(async db =>
        {
            var passkey = await db.Set<IdentityUserPasskey<Guid>>().SingleAsync(p => db.Users.Any(u => u.Id == p.UserId && u.Email == person.Email));
            passkey.Data.SignCount = 0;
            return await db.SaveChangesAsync();
        });

        // The same form with the same cookies: what the browser sent, again.
        await page.Context.ClearCookiesAsync(new() { Name = "hub" });
        var again = await page.APIRequest.PostAsync(Address("/sign-in/passkey"), new()
        {
            DataString = sent,
            Headers = new Dictionary<string, string> { ["Content-Type"] = "application/x-www-form-urlencoded", ["Accept"] = "text/html" },
            MaxRedirects = 0,
        });

        Assert.Equal(401, again.Status);
        Assert.DoesNotContain(await page.Context.CookiesAsync(), cookie => cookie.Name == "hub");
    }

    private string Address(string path) => new Uri(installation.Hub.Address, path).AbsoluteUri;

    private static async Task<string> SessionCookieAsync(IPage page) => (await page.Context.CookiesAsync()).Single(c => c.Name == "hub").Value;

    private async Task<UserSession> SessionAsync(IPage page)
    {
        var hash = SessionCookie.Hash(await SessionCookieAsync(page));
        return await installation.Inside.AskAsync(db => db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.CookieHash == hash));
    }

    private Task<List<RevocationReason>> ActsAsync(Person person) => installation.Inside.AskAsync((HubDb db) => db.Set<RevocationRecord>()
        .Where(r => db.Users.Any(u => u.Id == r.UserId && u.Email == person.Email) && (r.Reason == RevocationReason.PasskeyAdded || r.Reason == RevocationReason.PasskeyRemoved))
        .OrderBy(r => r.Id).Select(r => r.Reason).ToListAsync());

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : PasskeyTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : PasskeyTests(installation, browser);
}
