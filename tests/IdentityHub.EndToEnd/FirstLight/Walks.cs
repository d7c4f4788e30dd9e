using IdentityHub.EndToEnd.Faults;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>What people do in a browser, as steps of a test.</summary>
internal static class Walks
{
    /// <summary>Signs in at Notes with the password, and at the others by single sign-on: no form comes.</summary>
    public static async Task SignInEverywhereAsync(this IPage page, Installation installation, Person person)
    {
        await page.GotoAsync(installation.Notes.Dashboard.AbsoluteUri);
        await page.FillSignInAsync(person);
        await page.ArriveAtAsync(installation.Notes.Dashboard.AbsoluteUri);
        foreach (var application in installation.Applications)
        {
            await page.GotoAsync(application.Dashboard.AbsoluteUri);
            Assert.Equal(application.Dashboard.AbsoluteUri, page.Url);
            Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
        }
    }

    /// <summary>Signs in on the hub's own page, for no application.</summary>
    public static async Task SignInAtHubAsync(this IPage page, Installation installation, Person person)
    {
        await page.GotoAsync(new Uri(installation.Hub.Address, "/sign-in").AbsoluteUri);
        await page.FillSignInAsync(person);
        await page.ArriveAtAsync(installation.Hub.Address.AbsoluteUri);
    }

    public static async Task FillSignInAsync(this IPage page, Person person)
    {
        await page.FillAsync("#email", person.Email);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("#sign-in");
    }

    /// <summary>Signs out at Notes and waits until the browser is back at it.</summary>
    public static async Task SignOutAtNotesAsync(this IPage page, Installation installation)
    {
        await page.GotoAsync(installation.Notes.Address.AbsoluteUri);
        await page.ClickAsync("#sign-out");
        await page.ArriveAtAsync(installation.Notes.Address.AbsoluteUri);
        await page.WaitForSelectorAsync("#sign-in");
    }

    /// <summary>A device for passkeys, of the kind that Chromium has for its tests; it answers at once, as if somebody had touched it.</summary>
    /// <param name="page">The window that gets it.</param>
    /// <param name="verifies">Whether it recognises its owner.</param>
    /// <param name="offersByItself">Whether the browser may offer passkeys behind the address field; then the device takes whatever is offered, before anybody can press the button.</param>
    /// <returns>The connection that holds it: without it the device is gone.</returns>
    public static async Task<ICDPSession> AddAuthenticatorAsync(this IPage page, bool verifies, bool offersByItself = false)
    {
        if (!offersByItself)
        {
            await page.AddInitScriptAsync("PublicKeyCredential.isConditionalMediationAvailable = async () => false;");
        }

        var devTools = await page.Context.NewCDPSessionAsync(page);
        await devTools.SendAsync("WebAuthn.enable");
        await devTools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = verifies,
                ["automaticPresenceSimulation"] = true,
            },
        });
        return devTools;
    }

    /// <summary>All cookies of the browser: of every application on this host, for cookies do not know ports.</summary>
    public static async Task<CookieJar> CopyCookiesAsync(this IBrowserContext context)
    {
        var cookies = new CookieJar();
        foreach (var cookie in await context.CookiesAsync())
        {
            cookies.Set(cookie.Name, cookie.Value);
        }

        return cookies;
    }
}
