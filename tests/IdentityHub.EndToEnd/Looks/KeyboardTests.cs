using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>Every flow with the keyboard alone, with script and without.</summary>
public sealed class KeyboardTests(LooksHub hub, Browser browser) : IClassFixture<LooksHub>, IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task From_the_application_through_sign_in_and_consent_and_back(bool script)
    {
        var person = await hub.PersonAsync();
        var (page, keys) = await OpenAsync(script);

        await page.GotoAsync(new HubDriver(hub.Address).AuthorizeAddress(hub.Asking, "openid profile").AbsoluteUri);
        await keys.TypeAsync("#email", person.Email);
        await keys.TypeAsync("#password", person.Password);
        await keys.PressAsync("#sign-in");
        await keys.PressAsync("#allow");

        Assert.StartsWith(hub.Asking.RedirectUri + "?code=", page.Url, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ending_a_session_changing_the_password_and_signing_out(bool script)
    {
        var (page, keys) = await OpenAsync(script);
        var person = await hub.SignInAsync(page);

        await page.GotoAsync(hub.Address.AbsoluteUri);
        await keys.PressAsync("nav a[href='/account/sessions']");
        await keys.PressAsync(".sessions > li:nth-child(2) button");
        Assert.True(await page.IsVisibleAsync("#ended"));
        await keys.PressAsync("#ended a");

        await keys.PressAsync("nav a[href='/account/security']");
        await keys.PressAsync("#change-password");
        await keys.TypeAsync("#current", person.Password);
        await keys.TypeAsync("#chosen", "four quite different words");
        await keys.PressAsync("#change-password");
        Assert.True(await page.IsVisibleAsync("#ended"));
        await keys.PressAsync("#ended a");

        await keys.PressAsync("#sign-out");
        Assert.True(await page.IsVisibleAsync("#signed-out"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Registering(bool script)
    {
        var person = Person.New();
        var (page, keys) = await OpenAsync(script);

        await page.GotoAsync(hub.At("/sign-in"));
        await keys.PressAsync("a[href='/register']");
        await keys.TypeAsync("#name", person.Name);
        await keys.TypeAsync("#email", person.Email);
        await keys.TypeAsync("#password", person.Password);
        await keys.PressAsync("#register");

        Assert.Contains(person.Email, await page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_second_factor_turned_on_used_at_sign_in_and_turned_off(bool script)
    {
        var (page, keys) = await OpenAsync(script);
        var person = await hub.SignInAsync(page);

        await page.GotoAsync(hub.At("/account/security"));
        await keys.PressAsync("#turn-on-second-factor");
        await keys.TypeAsync("#code", new AuthenticatorApp(await page.InnerTextAsync("#secret")).CodeAt(TimeProvider.System.GetUtcNow()));
        await keys.PressAsync("#set-up");
        var recovery = await page.InnerTextAsync("#recovery-codes li:first-child");
        await keys.PressAsync("#outcome");
        await keys.PressAsync("#ended .actions a");
        await keys.PressAsync("#sign-out");

        await page.GotoAsync(hub.At("/sign-in"));
        await keys.TypeAsync("#email", person.Email);
        await keys.TypeAsync("#password", person.Password);
        await keys.PressAsync("#sign-in");
        await keys.PressAsync("#use-recovery-code");
        await keys.TypeAsync("#code", recovery);
        await keys.PressAsync("#continue");

        await keys.PressAsync("nav a[href='/account/security']");
        await keys.PressAsync("#turn-off-second-factor");
        await keys.PressAsync("#confirm-change");
        Assert.True(await page.IsVisibleAsync("#ended"));
    }

    // The ceremony needs script; without it the pages say so and offer the password.
    [Fact]
    public async Task A_passkey_added_renamed_used_and_removed()
    {
        var (page, keys) = await OpenAsync(script: true);
        await page.AddAuthenticatorAsync(verifies: true);
        await hub.SignInAsync(page);

        await page.GotoAsync(hub.At("/account/security"));
        await keys.PressAsync("#add-a-passkey");
        await keys.TypeAsync("#name", "My telephone");
        await keys.PressAsync("#add-passkey");
        await keys.PressAsync("#ended .actions a");
        await keys.PressAsync("nav a[href='/account/security']");
        await keys.TypeAsync("#passkey-name-0", "My tablet");
        await page.ArriveAsync(() => page.Keyboard.PressAsync("Enter"));
        Assert.Contains("My tablet", await page.InnerTextAsync("main"), StringComparison.Ordinal);

        await page.GotoAsync(hub.Address.AbsoluteUri);
        await keys.PressAsync("#sign-out");
        await page.GotoAsync(hub.At("/sign-in"));
        await keys.PressAsync("#passkey");

        await keys.PressAsync("nav a[href='/account/security']");
        await keys.PressAsync("a[href^='/account/passkeys/remove']");
        await keys.PressAsync("#confirm-change");
        Assert.True(await page.IsVisibleAsync("#ended"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_forgotten_password_replaced(bool script)
    {
        var (page, keys) = await OpenAsync(script);
        var person = await hub.PersonAsync();

        await page.GotoAsync(hub.At("/sign-in"));
        await keys.PressAsync("#forgot");
        await keys.TypeAsync("#email", person.Email);
        await keys.PressAsync("#send-link");
        await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(person.Email, "/reset-password")));
        await keys.TypeAsync("#chosen", "four quite different words");
        await keys.PressAsync("#reset-password");
        await keys.PressAsync("#ended .actions a");

        await keys.TypeAsync("#email", person.Email);
        await keys.TypeAsync("#password", "four quite different words");
        await keys.PressAsync("#sign-in");
        Assert.True(await page.IsVisibleAsync("#sign-out"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_address_confirmed_and_this_session_ended_with_the_others(bool script)
    {
        var (page, keys) = await OpenAsync(script);
        await hub.SignInAsync(page);
        var chosen = Person.New().Email;

        await page.GotoAsync(hub.At("/account/security"));
        await keys.PressAsync("#change-email");
        await keys.TypeAsync("#email", chosen);
        await keys.PressAsync("#change-email");
        await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(chosen, "/account/email/confirm")));
        await keys.GoToAsync("#end_this");
        await page.Keyboard.PressAsync("Space");
        await keys.PressAsync("#confirm-new-email");

        await keys.PressAsync("#ended a[href='/sign-in']");
        Assert.True(await page.IsVisibleAsync("#sign-in"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_application_withdrawn_and_the_account_closed(bool script)
    {
        var (page, keys) = await OpenAsync(script);
        var person = await hub.SignInAsync(page);

        await page.GotoAsync(hub.Address.AbsoluteUri);
        await keys.PressAsync("nav a[href='/account/applications']");
        await keys.PressAsync("a[href='/account/applications/withdraw?client=Asking']");
        await keys.PressAsync("#withdraw");
        await keys.PressAsync("#ended .actions a");

        await keys.PressAsync("a[href='/account/close']");
        await keys.TypeAsync("#email", person.Email);
        await keys.PressAsync("#close-account");
        Assert.True(await page.IsVisibleAsync("#ended a[href='/sign-in']"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mistake_is_told_beside_its_field_and_what_was_typed_is_kept(bool script)
    {
        var (page, keys) = await OpenAsync(script);

        var name = new string('a', 101);

        await page.GotoAsync(hub.At("/register"));
        await keys.TypeAsync("#name", name);
        await keys.TypeAsync("#email", "ada@example.com");
        await keys.TypeAsync("#password", "three plain words");
        await keys.PressAsync("#register");

        Assert.Equal(name, await page.InputValueAsync("#name"));
        Assert.Equal("ada@example.com", await page.InputValueAsync("#email"));
        Assert.Equal("", await page.InputValueAsync("#password"));
        Assert.Equal("true", await page.GetAttributeAsync("#name", "aria-invalid"));
        Assert.Equal("name-error", await page.GetAttributeAsync("#name", "aria-describedby"));
        Assert.Equal("name", await page.EvaluateAsync<string>("document.activeElement.id"));
        Assert.StartsWith("Error: ", await page.TitleAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_first_stop_leads_past_the_header_and_the_last_to_another_language(bool script)
    {
        var (page, keys) = await OpenAsync(script);
        await hub.SignInAsync(page);
        await page.GotoAsync(hub.Address.AbsoluteUri);

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("#content", await page.EvaluateAsync<string>("document.activeElement.getAttribute('href')"));
        await keys.PressAsync("a[hreflang='de']");

        Assert.Equal("de", await page.GetAttributeAsync("html", "lang"));
        Assert.Equal("Abmelden", (await page.InnerTextAsync("#sign-out")).Trim());
    }

    private async Task<(IPage Page, Keys Keys)> OpenAsync(bool script)
    {
        var page = await _windows.OpenAsync(script);
        return (page, new Keys(page));
    }
}
