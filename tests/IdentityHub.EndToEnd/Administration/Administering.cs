using IdentityHub.Access;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.EndToEnd.Looks;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>Somebody with a role in the administration, who presented a second factor a moment ago.</summary>
internal static class Administering
{
    /// <summary>Signs such a person in in this window.</summary>
    public static async Task<Person> AdministerAsync(this LooksHub hub, IPage page, AdminRole role)
    {
        var person = await hub.PersonAsync();
        await hub.ActAsync(services => GiveAsync(services, person, role));
        await EnterAsync(page, hub.Address, person);
        return person;
    }

    /// <summary>The same on a hub that is a process of its own.</summary>
    public static async Task<Person> AdministerAsync(this Installation installation, IPage page, AdminRole role)
    {
        var person = await installation.NewPersonAsync();
        await installation.Inside.ActAsync(services => GiveAsync(services, person, role));
        await EnterAsync(page, installation.Hub.Address, person);
        return person;
    }

    private static async Task<bool> GiveAsync(IServiceProvider services, Person person, AdminRole role)
    {
        var id = await services.GetRequiredService<Data.HubDb>().Users.Where(u => u.Email == person.Email).Select(u => u.Id).SingleAsync();
        await services.GetRequiredService<Administrators>().SetRoleAsync(id, role, "command-line");
        return true;
    }

    private static async Task EnterAsync(IPage page, Uri hub, Person person)
    {
        var cookies = new CookieJar();
        await new HubDriver(hub, cookies).SignInAsync(person.Email, person.Password);
        var pages = new HubPages(hub, cookies);
        var setUp = await pages.GetAsync(new Uri(hub, "/account/second-factor"));
        var app = new AuthenticatorApp(HtmlForm.TextOf(setUp.Html, "secret")!);
        await pages.PressAsync(setUp, setUp.Form("set-up")!, "set-up", ("code", app.CodeAt(TimeProvider.System.GetUtcNow())));
        await page.Context.AddCookiesAsync([new() { Name = "hub", Value = cookies.Cookies["hub"], Url = hub.AbsoluteUri }]);
    }
}
