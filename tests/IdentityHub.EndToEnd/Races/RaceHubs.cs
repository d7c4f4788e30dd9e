using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Races;

/// <summary>The hubs that the races share, one per database, each started by the first race that asks.</summary>
public sealed class RaceHubs(SharedServers servers) : IAsyncLifetime
{
    internal static readonly string[] Names = ["Sqlite", "Postgres"];

    private static readonly string[] ClientIds = ["notes", "bank", "mail", "shop", "wiki"];

    private readonly List<RelyingPartyStub> _applications = [];
    private readonly Dictionary<string, RaceHub> _hubs = [];

    /// <summary>For theories.</summary>
    public static TheoryData<string> Databases => [.. Names];

    public async ValueTask InitializeAsync()
    {
        foreach (var name in ClientIds)
        {
            _applications.Add(await RelyingPartyStub.StartAsync(name));
        }
    }

    /// <summary>Tests of one collection run one after the other, so nobody asks twice at once.</summary>
    internal async Task<RaceHub> OnAsync(string database)
    {
        if (!_hubs.TryGetValue(database, out var hub))
        {
            var postgres = database == "Postgres" ? await (await servers.PostgresAsync()).CreateDatabaseAsync() : null;
            _hubs[database] = hub = await RaceHub.StartAsync(postgres, _applications);
        }

        return hub;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var hub in _hubs.Values)
        {
            await hub.DisposeAsync();
        }

        foreach (var application in _applications)
        {
            await application.DisposeAsync();
        }
    }
}

[CollectionDefinition(nameof(RaceHubs))]
public sealed class RacesShareHubs : ICollectionFixture<RaceHubs>;
