using System.Globalization;
using IdentityHub.EndToEnd;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Npgsql;

namespace IdentityHub.Benchmarks;

/// <summary>
/// What is measured: a hub process on a PostgreSQL that keeps its promises (fsync on), five relying parties in this
/// process that confirm at once, and people who are signed in.
/// </summary>
internal sealed class Rig : IAsyncDisposable
{
    private const string Password = "correct horse battery staple";
    private readonly TemporaryFolder _folder = new();
    private readonly PostgresServer _postgres;

    private Rig(PostgresServer postgres) => _postgres = postgres;

    public HubProcess Hub { get; private set; } = null!;
    public IReadOnlyList<RelyingPartyStub> RelyingParties { get; private set; } = [];
    public NpgsqlDataSource Database { get; private set; } = null!;

    /// <summary>A relying party for client credentials and introspection.</summary>
    public static RelyingPartySettings Machine { get; } = new("machine", new Uri("http://localhost/unused"))
    {
        GrantTypes = ["client_credentials"],
        Scopes = ["api"],
    };

    /// <summary>The plans of what the hub's database does meanwhile.</summary>
    public Task<Plans.Seen> WatchAsync(string name, Func<Task> act) => Plans.WatchAsync(_postgres, Database, name, act);

    public RelyingPartySettings Party(int index) => RelyingParties[index % RelyingParties.Count].Settings;

    public static async Task<Rig> StartAsync()
    {
        var rig = new Rig(await PostgresServer.StartAsync(durable: true));
        var stubs = new List<RelyingPartyStub>();
        for (var i = 0; i < 5; i++)
        {
            stubs.Add(await RelyingPartyStub.StartAsync(string.Create(CultureInfo.InvariantCulture, $"party-{i}")));
        }

        rig.RelyingParties = stubs;
        var connection = await rig._postgres.CreateDatabaseAsync();
        rig.Database = NpgsqlDataSource.Create(connection);
        await Plans.PrepareAsync(rig.Database);
        rig.Hub = await HubProcess.StartAsync(new HubSettings
        {
            Port = FreePorts.Next(),
            Postgres = connection,
            DataFolder = rig._folder.Path,
            RelyingParties = [.. stubs.Select(s => s.Settings), Machine],
            // Whoever measures how long a wrong password takes does not want to measure the wait after too many.
            More = new Dictionary<string, string?> { ["Throttling__Password"] = "100", ["Throttling__Account"] = "1000", ["Throttling__Source"] = "100000" },
        });
        return rig;
    }

    /// <summary>A new person, signed in.</summary>
    public async Task<HubDriver> SignInAsync(string name)
    {
        var email = $"{name}@example.com";
        await Hub.AddPersonAsync(email, name, Password);
        var driver = new HubDriver(Hub.Address);
        await driver.SignInAsync(email, Password);
        return driver;
    }

    /// <summary>The same person again, in a browser of their own.</summary>
    public async Task<HubDriver> SignInAgainAsync(string name)
    {
        var driver = new HubDriver(Hub.Address);
        await driver.SignInAsync($"{name}@example.com", Password);
        return driver;
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await Database.DisposeAsync();
        foreach (var party in RelyingParties)
        {
            await party.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        _folder.Dispose();
    }
}
