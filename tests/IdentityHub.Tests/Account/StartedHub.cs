using System.Text.RegularExpressions;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace IdentityHub.Tests.Account;

/// <summary>A hub in this process, on SQLite unless a descendant says otherwise, with an application called Notes. Shared by a class; each test makes people of its own.</summary>
public class StartedHub : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly TemporaryFolder _folder = new();
    private WebApplication _app = null!;

    internal Uri Address { get; private set; } = null!;

    /// <summary>The hub's clock. Forward only: other tests of the class follow.</summary>
    internal MovedClock Clock { get; } = new();

    internal Mailbox Mail { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _app = HubHost.Build(
        [
            "--environment", "Development", "--Logging:LogLevel:Default", "None", "--urls", "http://127.0.0.1:0",
            "--Hub:Issuer", "http://127.0.0.1", "--Hub:DataFolder", _folder.Path,
            "--RelyingParties:0:ClientId", "notes", "--RelyingParties:0:DisplayName", "Notes & more",
            "--RelyingParties:0:RedirectUris:0", "http://127.0.0.1:1/callback", "--RelyingParties:0:RedirectUris:1", "com.example.notes:/callback",
            "--RelyingParties:0:PostLogoutRedirectUris:0", "http://127.0.0.1:1/bye",
            .. await SettingsAsync(),
        ], Clock);
        Mail = new Mailbox(_folder.Path);
        await using (var scope = _app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<Migrator>().MigrateAsync(default);
            await _app.Services.GetRequiredService<KeyRing>().LoadAsync(default);
            await _app.Services.GetRequiredService<DeclaredRelyingParties>().WriteAsync(scope.ServiceProvider.GetRequiredService<RelyingPartyRegistry>(), default);
        }

        await _app.StartAsync();
        Address = new Uri(_app.Urls.Single());
        await StartedAsync();
    }

    /// <summary>More settings, as arguments of the command line.</summary>
    protected virtual Task<string[]> SettingsAsync() => Task.FromResult<string[]>([]);

    /// <summary>What a descendant does before anybody comes.</summary>
    protected virtual Task StartedAsync() => Task.CompletedTask;

    /// <summary>Stops what runs beside the requests, so that a test sees what it finds undone.</summary>
    internal Task StopAsync<TRunner>() where TRunner : IHostedService => _app.Services.GetServices<IHostedService>().OfType<TRunner>().Single().StopAsync(default);

    /// <summary>Every address that answers.</summary>
    internal IReadOnlyList<Endpoint> Endpoints() => _app.Services.GetRequiredService<EndpointDataSource>().Endpoints;

    internal Visitor Visitor() => new(Address);

    /// <summary>A new person, who signs in with <see cref="Password"/>.</summary>
    internal async Task<User> PersonAsync(string name = "Ada Lovelace", Action<User>? with = null)
    {
        var id = Guid.CreateVersion7();
        var user = new User { Id = id, UserName = $"{id:N}@example.com", Email = $"{id:N}@example.com", EmailConfirmed = true, DisplayName = name };
        with?.Invoke(user);
        await using var scope = _app.Services.CreateAsyncScope();
        var result = await scope.ServiceProvider.GetRequiredService<UserManager<User>>().CreateAsync(user, Password);
        Assert.True(result.Succeeded, result.ToString());
        return user;
    }

    /// <summary>Turns the second factor on in the browser of somebody who has just signed in.</summary>
    internal async Task<(AuthenticatorApp App, IReadOnlyList<string> RecoveryCodes)> SecondFactorAsync(Visitor browser)
    {
        var page = await browser.GetAsync("/account/second-factor");
        var app = new AuthenticatorApp(page.TextOf("secret"));
        var answer = await browser.PostAsync("/account/second-factor", ("__RequestVerificationToken", page.FormToken!), ("secret", page.ValueOf("secret")), ("code", Code(app)));
        answer.Shows("id=\"recovery-codes\"");
        return (app, [.. Regex.Matches(answer.Text, "<li><code>([^<]+)</code></li>").Select(m => m.Groups[1].Value)]);
    }

    /// <summary>What the app shows now. A code is taken once: move the clock before the next.</summary>
    internal string Code(AuthenticatorApp app) => app.CodeAt(Clock.GetUtcNow());

    /// <summary>The next code of the app, which nobody has used.</summary>
    internal string NextCode(AuthenticatorApp app)
    {
        Clock.Move(TimeSpan.FromSeconds(60));
        return Code(app);
    }

    /// <summary>Asks or changes the hub's database.</summary>
    internal Task<T> DataAsync<T>(Func<HubDb, Task<T>> ask) => ServiceAsync(ask);

    internal async Task<T> ServiceAsync<TService, T>(Func<TService, Task<T>> ask) where TService : notnull
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await ask(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _app.StopAsync();
        await _app.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
