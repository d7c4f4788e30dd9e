using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>A person at a browser: walked by the driver, or request by request over the wire, with the same cookies.</summary>
internal sealed record Visitor(Person Person, HubDriver Driver, Wire Wire)
{
    public static async Task<Visitor> RegisterAsync(Uri hub, Person person)
    {
        var cookies = new CookieJar();
        var pages = new HubPages(hub, cookies);
        var page = await pages.GetAsync(new Uri(hub, "/register"));
        var form = page.Form("register") ?? throw page.Unexpected("the registration form");
        page = await pages.PressAsync(page, form, "register", ("name", person.Name), ("email", person.Email), ("password", person.Password));
        return page.Shows("register") ? throw page.Unexpected("an account") : new Visitor(person, new HubDriver(hub, cookies), new Wire(hub, cookies));
    }

    /// <summary>Whether the session lives: <c>prompt=none</c> succeeds.</summary>
    public async Task<bool> IsAliveAsync(RelyingPartySettings relyingParty) => (await Driver.AskSilentlyAsync(relyingParty)).Succeeded;

    /// <summary>What the server has to refuse, whatever this browser was told to forget.</summary>
    public Visitor Copy(Uri? node = null)
    {
        var cookies = Driver.Cookies.Copy();
        var hub = node ?? Wire.Hub;
        return this with { Driver = new HubDriver(hub, cookies), Wire = new Wire(hub, cookies) };
    }
}
