using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>Every page, also as it is after a mistake. One that is not here fails <see cref="SignInPageTests"/>.</summary>
internal static class Places
{
    /// <summary>What answers a GET and shows no page, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>
    {
        ["/assets/{name}"] = "files",
        ["/account/session-ends"] = "a number for the script of the account pages",
        ["/account/ended/live"] = "events for the script of the page that is shown",
        ["/signed-out/live"] = "events for the script of the page that is shown",
        ["/health/live"] = "for the balancer",
        ["/health/ready"] = "for the balancer",
        ["/revocations"] = "events for applications",
        ["/userinfo"] = "for applications",
    };

    /// <summary>Those of somebody who is signed in.</summary>
    public static IEnumerable<string> OfAccount => All.Where(p => p.Value.Route.StartsWith("/account/", StringComparison.Ordinal)).Select(p => p.Key);

    public static readonly IReadOnlyDictionary<string, Place> All = new Dictionary<string, Place>
    {
        ["sign-in"] = new("/sign-in", Stranger("/sign-in")),
        ["sign-in for an application"] = new("/sign-in", (hub, page) => GoAsync(page, new HubDriver(hub.Address).AuthorizeAddress(hub.Notes.Settings, "openid"))),
        ["sign-in with nothing typed"] = new("/sign-in", async (hub, page) =>
        {
            await page.GotoAsync(hub.At("/sign-in"));
            await SendAsync(page, "#sign-in");
        }),
        ["sign-in refused"] = new("/sign-in", async (hub, page) =>
        {
            await page.GotoAsync(hub.At("/sign-in"));
            await page.FillAsync("#email", "nobody@example.com");
            await page.FillAsync("#password", "not the password");
            await SendAsync(page, "#sign-in");
        }),
        ["sign-in again"] = new("/sign-in", SignedIn("/sign-in")),
        ["register"] = new("/register", Stranger("/register")),
        ["register with mistakes"] = new("/register", async (hub, page) =>
        {
            await page.GotoAsync(hub.At("/register"));
            await page.FillAsync("#email", "no address");
            await page.FillAsync("#password", "short");
            await SendAsync(page, "#register");
        }),
        ["look into the mailbox"] = new("/register", async (hub, page) =>
        {
            await page.GotoAsync(hub.At("/register"));
            await page.FillAsync("#name", "Ada");
            await page.FillAsync("#email", "somebody.new@example.com");
            await page.FillAsync("#password", "four quite different words");
            await SendAsync(page, "#register");
        }),
        ["forgotten password"] = new("/forgot-password", Stranger("/forgot-password")),
        ["forgotten password with nothing typed"] = new("/forgot-password", async (hub, page) =>
        {
            await page.GotoAsync(hub.At("/forgot-password"));
            await SendAsync(page, "#send-link");
        }),
        ["sign-in with an address that is not confirmed"] = new("/sign-in", async (hub, page) => await SignInAsync(hub, page, await hub.PersonAsync(confirmed: false))),
        ["confirm an address"] = new("/confirm-email", ConfirmAsync),
        ["confirm an address with a wrong password"] = new("/confirm-email", async (hub, page) =>
        {
            await ConfirmAsync(hub, page);
            await page.FillAsync("#password", "not the password");
            await SendAsync(page, "#confirm-email");
        }),
        ["look into the mailbox for a new password"] = new("/forgot-password", async (hub, page) => await AskForResetAsync(hub, page)),
        ["new password"] = new("/reset-password", async (hub, page) => await ResetAsync(hub, page)),
        ["new password with mistakes"] = new("/reset-password", async (hub, page) =>
        {
            await ResetAsync(hub, page);
            await page.FillAsync("#chosen", "short");
            await SendAsync(page, "#reset-password");
        }),
        ["new password chosen"] = new("/account/ended", async (hub, page) =>
        {
            await ResetAsync(hub, page);
            await page.FillAsync("#chosen", "four quite different words");
            await SendAsync(page, "#reset-password");
        }),
        ["look into the mailbox of the new address"] = new("/account/email", async (hub, page) => await MoveAsync(hub, page)),
        ["confirm the new address"] = new("/account/email/confirm", async (hub, page) => await ConfirmMoveAsync(hub, page)),
        ["take the old address back"] = new("/restore-email", async (hub, page) =>
        {
            var person = await ConfirmMoveAsync(hub, page);
            await SendAsync(page, "#confirm-new-email");
            await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(person.Email, "/restore-email")));
        }),
        ["this was not me"] = new("/not-me", async (hub, page) =>
        {
            // The second sign-in was in a browser that the hub did not know.
            var person = await hub.SignInAsync(page);
            await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(person.Email, "/not-me")));
        }),
        ["this was not me, done"] = new("/account/ended", async (hub, page) =>
        {
            var person = await hub.SignInAsync(page);
            await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(person.Email, "/not-me")));
            await SendAsync(page, "#not-me");
        }),
        // Used, too old or mistyped: one page for all.
        ["link to confirm an address"] = new("/confirm-email", Stranger("/confirm-email?link=gone")),
        ["link to a new password"] = new("/reset-password", Stranger("/reset-password?link=gone")),
        ["link to a new address"] = new("/account/email/confirm", Stranger("/account/email/confirm?link=gone")),
        ["link to the old address"] = new("/restore-email", Stranger("/restore-email?link=gone")),
        ["link for who it was not"] = new("/not-me", Stranger("/not-me?link=gone")),
        ["e-mail address"] = new("/account/email", SignedIn("/account/email")),
        ["e-mail address with nothing typed"] = new("/account/email", async (hub, page) =>
        {
            await SignedIn("/account/email")(hub, page);
            await SendAsync(page, "#change-email");
        }),
        ["overview"] = new("/", SignedIn("/")),
        ["overview without applications"] = new("/", async (hub, page) =>
        {
            await SignInAsync(hub, page, await hub.PersonAsync());
        }),
        ["sessions"] = new("/account/sessions", SignedIn("/account/sessions")),
        ["password"] = new("/account/password", SignedIn("/account/password")),
        ["password with mistakes"] = new("/account/password", async (hub, page) =>
        {
            await SignedIn("/account/password")(hub, page);
            await page.FillAsync("#chosen", "short");
            await SendAsync(page, "#change-password");
        }),
        ["sign-in with a code"] = new("/sign-in/code", CodeAsync),
        ["sign-in with a wrong code"] = new("/sign-in/code", async (hub, page) =>
        {
            await CodeAsync(hub, page);
            await SendAsync(page, "#continue");
        }),
        ["sign-in with a recovery code"] = new("/sign-in/code", async (hub, page) =>
        {
            await CodeAsync(hub, page);
            await page.ArriveAsync(() => page.ClickAsync("#use-recovery-code"));
        }),
        ["applications"] = new("/account/applications", SignedIn("/account/applications")),
        ["no applications"] = new("/account/applications", Guarded("/account/applications")),
        ["withdraw"] = new("/account/applications/withdraw", SignedIn("/account/applications/withdraw?client=Asking")),
        ["withdrawn"] = new("/account/ended", async (hub, page) =>
        {
            await OwnAsync(hub, page, "/account/applications/withdraw?client=Asking");
            await SendAsync(page, "#withdraw");
        }),
        ["a passkey"] = new("/account/passkeys/add", SignedIn("/account/passkeys/add")),
        ["security with a passkey"] = new("/account/security", async (hub, page) => await WithPasskeyAsync(hub, page)),
        ["a passkey less"] = new("/account/passkeys/remove", async (hub, page) =>
        {
            await WithPasskeyAsync(hub, page);
            await page.ArriveAsync(() => page.ClickAsync("a[href^='/account/passkeys/remove']"));
        }),
        ["activity"] = new("/account/activity", SignedIn("/account/activity")),
        ["close the account"] = new("/account/close", SignedIn("/account/close")),
        ["close the account with mistakes"] = new("/account/close", async (hub, page) =>
        {
            await SignedIn("/account/close")(hub, page);
            await page.FillAsync("#email", "somebody.else@example.com");
            await SendAsync(page, "#close-account");
        }),
        ["closed"] = new("/account/ended", async (hub, page) =>
        {
            var person = await hub.SignInAsync(page);
            await page.GotoAsync(hub.At("/account/close"));
            await page.FillAsync("#email", person.Email);
            await SendAsync(page, "#close-account");
        }),
        ["security"] = new("/account/security", SignedIn("/account/security")),
        ["security with a second factor"] = new("/account/security", Guarded("/account/security")),
        ["second factor"] = new("/account/second-factor", SignedIn("/account/second-factor")),
        ["second factor with mistakes"] = new("/account/second-factor", async (hub, page) =>
        {
            await SignedIn("/account/second-factor")(hub, page);
            await SendAsync(page, "#set-up");
        }),
        ["recovery codes"] = new("/account/second-factor", async (hub, page) =>
        {
            await OwnAsync(hub, page, "/account/second-factor");
            await page.FillAsync("#code", new AuthenticatorApp(await page.InnerTextAsync("#secret")).CodeAt(TimeProvider.System.GetUtcNow()));
            await SendAsync(page, "#set-up");
        }),
        ["another authenticator"] = new("/account/second-factor", Guarded("/account/second-factor")),
        ["second factor off"] = new("/account/second-factor/off", Guarded("/account/second-factor/off")),
        ["new recovery codes"] = new("/account/recovery-codes", Guarded("/account/recovery-codes")),
        ["confirm identity with a code"] = new("/confirm-identity", Guarded("/confirm-identity?return_url=%2Faccount%2Fpassword")),
        ["confirm identity"] = new("/confirm-identity", SignedIn("/confirm-identity?return_url=%2Faccount%2Fpassword")),
        ["what ended"] = new("/account/ended", async (hub, page) =>
        {
            await OwnAsync(hub, page, "/account/sessions");
            await SendAsync(page, "#end-others");
        }),
        ["consent"] = new("/authorize", async (hub, page) =>
        {
            await hub.LookInAsync(page);
            await GoAsync(page, new HubDriver(hub.Address).AuthorizeAddress(hub.Asking, "openid profile email offline_access", "consent"));
        }),
        ["back to the application"] = new("/authorize", async (hub, page) =>
        {
            await hub.LookInAsync(page);
            // With its script it would be gone before anybody could look.
            await page.RouteAsync("**/assets/hub.*.js", route => route.AbortAsync());
            await GoAsync(page, new Uri(new HubDriver(hub.Address).AuthorizeAddress(hub.Notes.Settings, "openid") + "&response_mode=form_post"));
        }),
        ["error"] = new("/authorize", Stranger("/authorize?client_id=nobody")),
        ["sign-out"] = new("/end-session", SignedIn("/end-session")),
        ["signed out"] = new("/signed-out", async (hub, page) =>
        {
            await OwnAsync(hub, page, "/");
            await SendAsync(page, "#sign-out");
        }),
        ["nothing here"] = new("", Stranger("/nowhere")),
    };

    private static Func<LooksHub, IPage, Task> Stranger(string path) => (hub, page) => page.GotoAsync(hub.At(path));

    private static Func<LooksHub, IPage, Task> SignedIn(string path) => async (hub, page) =>
    {
        await hub.LookInAsync(page);
        await page.GotoAsync(hub.At(path));
    };

    private static Func<LooksHub, IPage, Task> Guarded(string path) => async (hub, page) =>
    {
        await hub.LookInGuardedAsync(page);
        await page.GotoAsync(hub.At(path));
    };

    private static async Task CodeAsync(LooksHub hub, IPage page)
    {
        var person = await hub.GuardedPersonAsync();
        await SignInAsync(hub, page, person);
    }

    private static async Task SignInAsync(LooksHub hub, IPage page, Person person)
    {
        await page.GotoAsync(hub.At("/sign-in"));
        await page.FillAsync("#email", person.Email);
        await page.FillAsync("#password", person.Password);
        await SendAsync(page, "#sign-in");
    }

    private static async Task ConfirmAsync(LooksHub hub, IPage page)
    {
        var person = await hub.PersonAsync(confirmed: false);
        await SignInAsync(hub, page, person);
        await SendAsync(page, "#send-again");
        await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(person.Email, "/confirm-email")));
    }

    private static async Task<Person> AskForResetAsync(LooksHub hub, IPage page)
    {
        var person = await hub.SignInAsync(page);
        await page.GotoAsync(hub.At("/forgot-password"));
        await page.FillAsync("#email", person.Email);
        await SendAsync(page, "#send-link");
        return person;
    }

    private static async Task ResetAsync(LooksHub hub, IPage page)
    {
        var person = await AskForResetAsync(hub, page);
        await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(person.Email, "/reset-password")));
    }

    private static async Task<(Person Person, string Chosen)> MoveAsync(LooksHub hub, IPage page)
    {
        var (person, chosen) = (await hub.SignInAsync(page), Person.New().Email);
        await page.GotoAsync(hub.At("/account/email"));
        await page.FillAsync("#email", chosen);
        await SendAsync(page, "#change-email");
        return (person, chosen);
    }

    private static async Task<Person> ConfirmMoveAsync(LooksHub hub, IPage page)
    {
        var (person, chosen) = await MoveAsync(hub, page);
        await page.GotoAsync(hub.At(await hub.Mail.LinkAsync(chosen, "/account/email/confirm")));
        return person;
    }

    private static async Task WithPasskeyAsync(LooksHub hub, IPage page)
    {
        var device = await page.AddAuthenticatorAsync(verifies: true);
        await OwnAsync(hub, page, "/account/passkeys/add");
        await SendAsync(page, "#add-passkey");
        await device.DetachAsync();
        await page.GotoAsync(hub.At("/account/security"));
    }

    private static async Task OwnAsync(LooksHub hub, IPage page, string path)
    {
        await hub.SignInAsync(page);
        await page.GotoAsync(hub.At(path));
    }

    private static Task GoAsync(IPage page, Uri address) => page.GotoAsync(address.AbsoluteUri);

    // As a browser would that does not check fields by itself: the mistakes are the server's to name.
    private static async Task SendAsync(IPage page, string button)
    {
        await page.EvalOnSelectorAllAsync("form", "forms => forms.forEach(form => form.noValidate = true)");
        await page.ArriveAsync(() => page.ClickAsync(button));
    }
}
