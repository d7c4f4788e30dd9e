using IdentityHub.Access;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.EndToEnd.Looks;
using IdentityHub.Tests.Administration;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>
/// A hub in this process with Notes as it runs, an application that only says that it ends its sessions, one that refuses
/// to, and an administrator. Shared by the tests of a class.
/// </summary>
public sealed class PartiesHub : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private WebApplication _app = null!;
    private string _cookie = "";

    internal HubSettings Settings { get; private set; } = null!;

    internal SampleApplication Notes { get; private set; } = null!;

    internal SmallApplication Pretender { get; private set; } = null!;

    internal RelyingPartyStub Deaf { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        (Notes, Pretender, Deaf) = (SampleApplication.Dotnet("Notes"), await SmallApplication.StartAsync(), await RelyingPartyStub.StartAsync("Deaf"));
        Deaf.Answer = new BackChannelAnswer.Status(400);
        Pretender.IgnoresLogout = true;
        (Pretender.ClientId, Pretender.Secret) = ("Pretender", "a secret of the tests, known to everybody");
        Settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = _folder.Path,
            RelyingParties =
            [
                Notes.Settings,
                new("Pretender", new Uri(Pretender.Address, "/callback")) { ClientSecret = Pretender.Secret, BackChannelLogoutUri = new Uri(Pretender.Address, "/logout") },
                Deaf.Settings,
            ],
            More = new Dictionary<string, string?>
            {
                ["RelyingParties__0__TestUri"] = Notes.Dashboard.AbsoluteUri,
                ["RelyingParties__1__TestUri"] = new Uri(Pretender.Address, "/page").AbsoluteUri,
                // However long the tests before one took.
                ["Account__RecentAuthentication"] = "01:00:00",
            },
        };
        Pretender.Hub = Settings.Address;
        _app = HubHost.Build(Settings.ToArguments());
        await HubHost.PrepareAsync(_app, default);
        await _app.StartAsync();
        await Notes.StartAsync(Settings.Address);
        _cookie = await AdministratorAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Notes.DisposeAsync();
        await Pretender.DisposeAsync();
        await Deaf.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    internal string At(string path) => new Uri(Settings.Address, path).AbsoluteUri;

    /// <summary>A window in which the administrator is signed in.</summary>
    internal async Task<IPage> EnterAsync(BrowserWindows windows)
    {
        var page = await windows.OpenAsync();
        await page.Context.AddCookiesAsync([new() { Name = "hub", Value = _cookie, Url = Settings.Address.AbsoluteUri }]);
        return page;
    }

    internal async Task<(User User, Person Person)> PersonAsync()
    {
        var person = Person.New();
        await using var scope = _app.Services.CreateAsyncScope();
        var user = new User { Id = Guid.CreateVersion7(), UserName = person.Email, Email = person.Email, EmailConfirmed = true, DisplayName = person.Name };
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(user, person.Password);
        Assert.True(result.Succeeded, result.ToString());
        return (user, person);
    }

    /// <summary>Nothing keeps anybody out of this page, and nothing scrolls sideways on a telephone; a picture where one is wanted.</summary>
    internal static async Task LookAsync(IPage page, string name)
    {
        await page.SetViewportSizeAsync(390, 844);
        await page.AssertOpenToAllAsync(name);
        if (Environment.GetEnvironmentVariable("IDENTITYHUB_SCREENSHOTS") == "1")
        {
            var folder = Directory.CreateDirectory(Path.Combine(Repository.Artifacts, "screenshots", "administration")).FullName;
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-390-dark.png"), FullPage = true });
            await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
            await page.SetViewportSizeAsync(1280, 800);
            await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-1280-light.png"), FullPage = true });
        }

        await page.SetViewportSizeAsync(1280, 800);
    }

    private async Task<string> AdministratorAsync()
    {
        var ((user, person), cookies) = (await PersonAsync(), new CookieJar());
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Administrators>().SetRoleAsync(user.Id, AdminRole.Administrator, "command-line");
        }

        await new HubDriver(Settings.Address, cookies).SignInAsync(person.Email, person.Password);
        var pages = new HubPages(Settings.Address, cookies);
        var page = await pages.GetAsync(new Uri(Settings.Address, "/account/second-factor"));
        var app = new AuthenticatorApp(HtmlForm.TextOf(page.Html, "secret")!);
        await pages.PressAsync(page, page.Form("set-up")!, "set-up", ("code", app.CodeAt(TimeProvider.System.GetUtcNow())));
        return cookies.Cookies["hub"];
    }
}
