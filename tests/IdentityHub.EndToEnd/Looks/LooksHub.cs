using System.Text.RegularExpressions;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Looks;

/// <summary>A hub in this process, whose pages are looked at; with an application that asks for permission and one that does not answer.</summary>
public sealed class LooksHub : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Task<string>> _onlooker;
    private readonly Lazy<Task<(Person Person, string Cookie)>> _guarded;
    private WebApplication _app = null!;
    private IPage? _window;

    public LooksHub()
    {
        _onlooker = new(async () => await SignInTwiceAsync(await PersonAsync()));
        _guarded = new(GuardAsync);
    }

    /// <summary>One window for test after test, as wide as a telephone: each finds it as if it were new.</summary>
    internal async Task<IPage> WindowAsync(Browser browser)
    {
        if (_window is null)
        {
            _window = await (await browser.NewContextAsync()).NewPageAsync();
            await _window.SetViewportSizeAsync(390, 844);
        }

        await _window.GotoAsync("about:blank");
        await _window.Context.ClearCookiesAsync();
        await _window.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        return _window;
    }

    internal Uri Address { get; private set; } = null!;

    internal Mailbox Mail => new(_folder.Path);

    internal RelyingPartyStub Notes { get; private set; } = null!;

    internal RelyingPartyStub Deaf { get; private set; } = null!;

    internal RelyingPartySettings Asking => Notes.Settings with { ClientId = "Asking", RequireConsent = true };

    public async ValueTask InitializeAsync()
    {
        (Notes, Deaf) = (await RelyingPartyStub.StartAsync("Notes"), await RelyingPartyStub.StartAsync("Deaf"));
        Deaf.Answer = new BackChannelAnswer.Status(400);
        var settings = new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = _folder.Path,
            RelyingParties = [Notes.Settings, Deaf.Settings, Asking],
            RequireConfirmedEmail = true,
            // However long the tests before one took.
            More = new Dictionary<string, string?> { ["Account__RecentAuthentication"] = "01:00:00" },
        };
        Address = settings.Address;
        _app = HubHost.Build(settings.ToArguments());
        await HubHost.PrepareAsync(_app, default);
        await _app.StartAsync();
    }

    /// <summary>The addresses of everything that answers a GET.</summary>
    /// <param name="prefix">What they begin with.</param>
    /// <param name="except">What those begin with that others look at.</param>
    internal IReadOnlyList<string> Gets(string prefix, params string[] except) =>
    [
        .. _app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<HttpMethodMetadata>() is not { HttpMethods: var methods } || methods.Contains("GET"))
            .Select(e => e.RoutePattern.RawText!)
            .Where(path => path.StartsWith(prefix, StringComparison.Ordinal) && !except.Any(other => path.StartsWith(other, StringComparison.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal),
    ];

    internal string At(string path) => new Uri(Address, path).AbsoluteUri;

    internal async Task<Person> PersonAsync(bool confirmed = true)
    {
        var person = Person.New();
        await using var scope = _app.Services.CreateAsyncScope();
        var user = new User { Id = Guid.CreateVersion7(), UserName = person.Email, Email = person.Email, EmailConfirmed = confirmed, DisplayName = person.Name };
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(user, person.Password);
        Assert.True(result.Succeeded, result.ToString());
        return person;
    }

    /// <summary>Asks or changes what the hub has.</summary>
    internal async Task<T> ActAsync<T>(Func<IServiceProvider, Task<T>> act)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider);
    }

    /// <summary>Somebody who is signed in twice and in three applications, in no window of the test's.</summary>
    internal async Task<Person> SignedInTwiceAsync()
    {
        var person = await PersonAsync();
        await SignInTwiceAsync(person);
        return person;
    }

    /// <summary>Somebody signed in in this window, in three applications, and once more somewhere else: of this test alone.</summary>
    internal async Task<Person> SignInAsync(IPage page)
    {
        var person = await PersonAsync();
        await EnterAsync(page, await SignInTwiceAsync(person));
        return person;
    }

    /// <summary>The same for tests that only look: all of them see one and the same person.</summary>
    internal async Task LookInAsync(IPage page) => await EnterAsync(page, await _onlooker.Value);

    /// <summary>The same as somebody who has a second factor, and a device that is not asked for it.</summary>
    internal async Task LookInGuardedAsync(IPage page) => await EnterAsync(page, (await _guarded.Value).Cookie);

    /// <summary>Somebody with a second factor, who is not signed in yet.</summary>
    internal async Task<Person> GuardedPersonAsync() => (await _guarded.Value).Person;

    private async Task<(Person, string)> GuardAsync()
    {
        var (person, cookies) = (await PersonAsync(), new CookieJar());
        await new HubDriver(Address, cookies).SignInAsync(person.Email, person.Password);
        var pages = new HubPages(Address, cookies);
        var page = await pages.GetAsync(new Uri(Address, "/account/second-factor"));
        var app = new AuthenticatorApp(HtmlForm.TextOf(page.Html, "secret")!);
        page = await pages.PressAsync(page, page.Form("set-up")!, "set-up", ("code", app.CodeAt(TimeProvider.System.GetUtcNow())));
        var recovery = Regex.Match(page.Html, "<code>([^<]+)</code>").Groups[1].Value;

        var elsewhere = new HubPages(Address, new CookieJar());
        page = await elsewhere.GetAsync(new Uri(Address, "/sign-in"));
        page = await elsewhere.PressAsync(page, page.Form("sign-in")!, "sign-in", ("email", person.Email), ("password", person.Password));
        page = await elsewhere.PressAsync(page, page.Form("continue")!, "continue", ("code", recovery), ("remember", "on"));
        Assert.True(page.Shows("sign-out"), page.Html);
        return (person, cookies.Cookies["hub"]);
    }

    private Task EnterAsync(IPage page, string cookie) =>
        page.Context.AddCookiesAsync([new() { Name = "hub", Value = cookie, Url = Address.AbsoluteUri }]);

    private async Task<string> SignInTwiceAsync(Person person)
    {
        var cookie = "";
        foreach (var _ in Enumerable.Range(0, 2))
        {
            var driver = new HubDriver(Address);
            await driver.SignInAsync(person.Email, person.Password);
            await driver.AuthorizeAsync(Notes.Settings, "openid");
            await driver.AuthorizeAsync(Deaf.Settings, "openid");
            await driver.AuthorizeAsync(Asking, "openid profile offline_access");
            cookie = driver.Cookies.Cookies["hub"];
        }

        return cookie;
    }

    public async ValueTask DisposeAsync()
    {
        if (_window is not null)
        {
            await _window.Context.DisposeAsync();
        }

        await _app.StopAsync();
        await _app.DisposeAsync();
        await Notes.DisposeAsync();
        await Deaf.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    /// <summary>Those who share one; the others have a hub of their own, and run beside them.</summary>
    [CollectionDefinition]
    public sealed class Tests : ICollectionFixture<LooksHub>;
}
