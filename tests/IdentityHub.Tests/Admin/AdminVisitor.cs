using IdentityHub.Access;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>A person with a role in the administration, signed in a moment ago with a second factor, and their browser.</summary>
internal sealed class AdminVisitor : IDisposable
{
    private readonly StartedHub _hub;
    private readonly AuthenticatorApp _app;

    private AdminVisitor(StartedHub hub, User person, Visitor browser, AuthenticatorApp app)
    {
        _hub = hub;
        _app = app;
        (Person, Browser) = (person, browser);
    }

    public User Person { get; }

    public Visitor Browser { get; }

    /// <param name="hub">Where.</param>
    /// <param name="role">Null for a person who is no administrator and has a second factor all the same.</param>
    public static async Task<AdminVisitor> SignInAsync(StartedHub hub, AdminRole? role)
    {
        var person = await hub.PersonAsync($"Grace {role}".Trim());
        await SetRoleAsync(hub, person, role);
        var browser = hub.Visitor();
        Assert.Equal("/", (await browser.SignInAsync(person)).Location);
        var (app, _) = await hub.SecondFactorAsync(browser);
        return new(hub, person, browser, app);
    }

    /// <summary>Gives somebody a role, as the command line does.</summary>
    public static Task SetRoleAsync(StartedHub hub, User person, AdminRole? role) => hub.ServiceAsync<Administrators, bool>(async administrators =>
    {
        await administrators.SetRoleAsync(person.Id, role, Initiator.CommandLine.Name);
        return true;
    });

    /// <summary>Proves again who they are, after the clock has moved: acts need a recent proof.</summary>
    public async Task ProveAsync()
    {
        var answer = await Browser.FillAsync("/confirm-identity", ("password", StartedHub.Password), ("code", _hub.NextCode(_app)), ("return_url", "/admin"));
        Assert.Equal("/admin", answer.Location);
    }

    public void Dispose() => Browser.Dispose();
}
