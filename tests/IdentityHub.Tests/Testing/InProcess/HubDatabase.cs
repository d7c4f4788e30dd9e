using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.Tests.Testing.InProcess;

/// <summary>An empty database of the hub on one of its providers, of one test alone.</summary>
internal sealed class HubDatabase : IAsyncDisposable
{
    private readonly DatabaseProvider _provider;
    private readonly string _connection;
    private readonly TemporaryFolder _folder = new();

    private HubDatabase(DatabaseProvider provider, string? connection)
    {
        _provider = provider;
        _connection = connection ?? $"Data Source={_folder.File("hub.db")}";
    }

    /// <summary>A folder that lives as long as the database, to be the hub's data folder.</summary>
    public string Folder => _folder.Path;

    /// <summary>For theories: <c>Sqlite</c> and <c>Postgres</c>.</summary>
    public static IEnumerable<string> Providers => Enum.GetNames<DatabaseProvider>();

    public static async Task<HubDatabase> CreateAsync(string providerName, SharedServers servers)
    {
        var provider = Enum.Parse<DatabaseProvider>(providerName);
        if (provider is DatabaseProvider.Postgres)
        {
            var postgres = await servers.PostgresAsync();
            return new HubDatabase(provider, await postgres.CreateDatabaseAsync(await postgres.UseTemplateAsync("hub_model", FillAsync)));
        }

        var database = new HubDatabase(provider, null);
        await using var db = database.Open();
        await db.Database.EnsureCreatedAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL");
        return database;
    }

    /// <summary>On a PostgreSQL of the test's own.</summary>
    public static async Task<HubDatabase> CreateAsync(PostgresServer postgres)
    {
        var database = new HubDatabase(DatabaseProvider.Postgres, await postgres.CreateDatabaseAsync());
        await using var db = database.Open();
        await db.Database.EnsureCreatedAsync();
        return database;
    }

    public HubDb Open() => _provider is DatabaseProvider.Postgres
        ? new PostgresHubDb(new DbContextOptionsBuilder<PostgresHubDb>().UseNpgsql(_connection).Options)
        : new SqliteHubDb(new DbContextOptionsBuilder<SqliteHubDb>().UseSqlite(_connection).Options);

    public void AddTo(IServiceCollection services) => services.AddScoped(_ => Open());

    public async Task AddAsync(params object[] rows)
    {
        await using var db = Open();
        db.AddRange(rows);
        await db.SaveChangesAsync();
    }

    public async Task<T> ReadAsync<T>(Func<HubDb, Task<T>> query)
    {
        await using var db = Open();
        return await query(db);
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearPool(new Microsoft.Data.Sqlite.SqliteConnection(_provider is DatabaseProvider.Sqlite ? _connection : ""));
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task FillAsync(string connection)
    {
        await using var db = new PostgresHubDb(new DbContextOptionsBuilder<PostgresHubDb>().UseNpgsql(connection).Options);
        await db.Database.EnsureCreatedAsync();
    }
}
