using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>
/// The hub with Notes, Bank and the Node application, all as processes, for the tests of one collection. Each test makes
/// its own person; a test that restarts the hub has it back when it ends.
/// </summary>
public abstract class Installation : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();

    internal SampleApplication Notes { get; } = SampleApplication.Dotnet("Notes");

    internal SampleApplication Bank { get; } = SampleApplication.Dotnet("Bank");

    internal SampleApplication Express { get; } = SampleApplication.Express();

    /// <summary>Null where it is not installed. Not one of <see cref="Applications"/>, because it shows its tokens to nobody.</summary>
    internal SampleApplication? Apache { get; } = OtherSamples.ApacheIsInstalled ? SampleApplication.Apache() : null;

    /// <summary>The browser application. Not one of <see cref="Applications"/> either: its page is made in the browser.</summary>
    internal SampleApplication Spa { get; } = SampleApplication.Dotnet("Spa");

    internal IReadOnlyList<SampleApplication> Applications => [Notes, Bank, Express];

    private IEnumerable<SampleApplication> All => Applications.Append(Spa).Concat(Apache is null ? [] : [Apache]);

    /// <summary>Relying parties in this process, for what only they can be made to do.</summary>
    internal IReadOnlyDictionary<string, RelyingPartyStub> Stubs { get; private set; } = null!;

    /// <summary>What the hub mailed.</summary>
    internal Mailbox Mail => new(_folder.Path);

    internal HubProcess Hub { get; private set; } = null!;

    /// <summary>The hub's services on the same database: what the rows say, and doors that no page has yet.</summary>
    internal InsideHub Inside { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var stubs = await Task.WhenAll(
            RelyingPartyStub.StartAsync("steady"),
            RelyingPartyStub.StartAsync("hanging"),
            RelyingPartyStub.StartAsync("failing"),
            RelyingPartyStub.StartAsync("refusing"));
        Stubs = stubs.ToDictionary(stub => stub.Settings.ClientId);
        Hub = await HubProcess.StartAsync(await ChooseAsync(new HubSettings
        {
            Port = FreePorts.Next(),
            DataFolder = _folder.Path,
            RelyingParties =
            [
                .. All.Select(application => application.Settings),
                .. stubs.Select(stub => stub.Settings),
                stubs[0].Settings with { ClientId = "es256", IdTokenSignedResponseAlg = "ES256" },
                stubs[0].Settings with { ClientId = "consenting", RequireConsent = true },
            ],
        }));
        Inside = new InsideHub(Hub.Settings);
        await Task.WhenAll(All.Select(application => application.StartAsync(Hub.Address)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var application in All)
        {
            await application.DisposeAsync();
        }

        foreach (var stub in Stubs?.Values ?? [])
        {
            await stub.DisposeAsync();
        }

        await (Inside?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    /// <summary>Puts the installation on its database and its transport.</summary>
    internal abstract Task<HubSettings> ChooseAsync(HubSettings settings);

    /// <summary>An account of this test alone, made on the hub's own page.</summary>
    internal async Task<Person> NewPersonAsync()
    {
        var person = Person.New();
        var pages = new HubPages(Hub.Address, new CookieJar());
        var page = await pages.GetAsync(new Uri(Hub.Address, "/register"));
        var form = page.Form("register") ?? throw page.Unexpected("the registration form");
        page = await pages.PressAsync(page, form, "register", ("name", person.Name), ("email", person.Email), ("password", person.Password));
        return page.Shows("register") ? throw page.Unexpected("an account") : person;
    }
}
