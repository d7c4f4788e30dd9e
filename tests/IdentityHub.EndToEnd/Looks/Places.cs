using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>Every page, also as it is after a mistake. One that is not here fails <see cref="AccessibilityTests"/>.</summary>
internal static class Places
{
    /// <summary>What answers a GET and shows no page, and why.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>
    {
        ["/assets/{name}"] = "files",
        ["/account/session-ends"] = "a number for the script of the account pages",
        ["/account/ended/live"] = "events for the script of the page that is shown",
        ["/account/passkeys/remove"] = "the question of \"second factor off\", in other words, for who has a passkey",
        ["/health/live"] = "for the balancer",
        ["/health/ready"] = "for the balancer",
        ["/revocations"] = "events for applications",
        ["/userinfo"] = "for applications",
    };

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
            var person = await hub.PersonAsync();
            await page.GotoAsync(hub.At("/sign-in"));
            await page.FillAsync("#email", person.Email);
            await page.FillAsync("#password", person.Password);
            await SendAsync(page, "#sign-in");
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
        await page.GotoAsync(hub.At("/sign-in"));
        await page.FillAsync("#email", person.Email);
        await page.FillAsync("#password", person.Password);
        await page.ArriveAsync(() => page.ClickAsync("#sign-in"));
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
