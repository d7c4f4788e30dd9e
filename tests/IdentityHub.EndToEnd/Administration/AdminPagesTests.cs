using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Data;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.EndToEnd.Looks;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>The pages of the administration are open to everybody, and none is left out.</summary>
public sealed class AdminPagesTests(LooksHub hub, Browser browser) : IClassFixture<LooksHub>, IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public void Every_page_is_looked_at()
    {
        var gets = hub.Gets("/admin");

        Assert.Equal([], gets.Except(AdminPlaces.All.Values.Select(p => p.Route)).Except(AdminPlaces.None.Keys));
        Assert.Equal([], AdminPlaces.All.Values.Select(p => p.Route).Concat(AdminPlaces.None.Keys).Except(gets));
    }

    [Fact]
    public async Task Every_page_is_open_to_everybody_on_a_narrow_and_on_a_wide_screen()
    {
        var (page, half) = (await _windows.OpenAsync(), await _windows.OpenAsync());
        await hub.AdministerAsync(page, AdminRole.Administrator);
        var see = await SeeAsync(half);
        foreach (var (name, place) in AdminPlaces.All)
        {
            var (window, path) = (place.SecondFactor ? page : half, place.Path(see));
            var answer = await window.GotoAsync(hub.At(path));
            // Not another page that somebody was sent to.
            Assert.Equal((place.Status, path), (answer!.Status, new Uri(window.Url).PathAndQuery));
            await LookAsync(window, name);
        }

        await page.GotoAsync(hub.At($"/admin/people/{see.Person}/end"));
        await page.ArriveAsync(() => page.ClickAsync("#do"));
        await LookAsync(page, "ended-just-now");
        await page.GotoAsync(hub.At("/admin/administrators"));
        await page.FillAsync("#email", "somebody.invited@example.com");
        await page.ArriveAsync(() => page.ClickAsync("#invite"));
        await LookAsync(page, "invited");
        var link = await page.InnerTextAsync("#link");
        var stranger = await _windows.OpenAsync();
        await stranger.GotoAsync(link);
        await LookAsync(stranger, "invitation");
        await page.GotoAsync(link);
        await LookAsync(page, "invitation-another");
    }

    /// <summary>Makes what the pages are about.</summary>
    /// <param name="half">Gets the administrator who has no second factor.</param>
    private async Task<AdminSight> SeeAsync(IPage half)
    {
        var (person, disabled) = (await IdAsync(await hub.SignedInTwiceAsync()), await IdAsync(await hub.SignedInTwiceAsync()));
        var administrator = await IdAsync(await hub.SignInAsync(half));
        return await hub.ActAsync(async services =>
        {
            await services.GetRequiredService<Administrators>().SetRoleAsync(administrator, AdminRole.Viewer, "command-line");
            var acts = services.GetRequiredService<PersonActs>();
            var act = await acts.EndAllAsync(disabled, Initiator.CommandLine);
            Assert.Null((await acts.DisableAsync(disabled, Initiator.CommandLine)).Refusal);
            // From before anybody was here: the others who look at this hub stay signed in.
            var many = await services.GetRequiredService<MassRevocations>().StartAsync(new MassScope(Before: new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)), Initiator.CommandLine, default);
            var (application, proof) = await ApplicationAsync(services);
            var session = await services.GetRequiredService<LiveSessionList>().PageAsync(person, null, 1, default);
            return new AdminSight(person, session.Sessions[0].Id, disabled, act.Ended.RevocationId, administrator, many.Id, application, proof);
        });
    }

    private async Task<(string Application, Guid Proof)> ApplicationAsync(IServiceProvider services)
    {
        var registration = new Registration { ClientId = "calendar", DisplayName = "Calendar", TestUri = new Uri(hub.Notes.Settings.RedirectUri, "/page").AbsoluteUri };
        registration.RedirectUris.Add("https://calendar.example.com/callback");
        await services.GetRequiredService<RelyingPartyChanges>().RegisterAsync(registration, confidential: true, Initiator.CommandLine, default);
        var proof = await services.GetRequiredService<LogoutProver>().ProveAsync(registration.ClientId, Initiator.CommandLine, default);
        var removal = services.GetRequiredService<RelyingPartyRemoval>();
        await removal.DisableAsync(registration.ClientId, Initiator.CommandLine, default);
        // Until then the page says that it cannot be removed yet.
        await Eventually.TrueAsync(async () => await removal.EndingAsync(registration.ClientId, default) is null, TimeSpan.FromSeconds(30), "the sessions of the application are over");
        return (registration.ClientId, proof!.Id);
    }

    private Task<Guid> IdAsync(Person person) =>
        hub.ActAsync(services => services.GetRequiredService<HubDb>().Users.Where(u => u.Email == person.Email).Select(u => u.Id).SingleAsync());

    private static async Task LookAsync(IPage page, string name)
    {
        foreach (var width in new[] { 1280, 390 })
        {
            await page.SetViewportSizeAsync(width, 844);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} scrolls sideways at {width} px.");
            if (Environment.GetEnvironmentVariable("IDENTITYHUB_SCREENSHOTS") == "1")
            {
                var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "screenshots", "admin")).FullName;
                await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-{width}.png"), FullPage = true });
            }
        }

        await page.AssertOpenToAllAsync(name);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
    }
}
