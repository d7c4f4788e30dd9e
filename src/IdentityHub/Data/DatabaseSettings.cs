using Microsoft.Data.Sqlite;
using Npgsql;

namespace IdentityHub.Data;

/// <summary>Reads <c>Database:Provider</c> and <c>ConnectionStrings:Database</c>, and says in one sentence what is wrong with them.</summary>
internal static class DatabaseSettings
{
    public static DatabaseProvider Provider(IConfiguration configuration)
    {
        var name = configuration["Database:Provider"];
        if (string.IsNullOrWhiteSpace(name))
        {
            return DatabaseProvider.Sqlite;
        }

        return Enum.TryParse<DatabaseProvider>(name, ignoreCase: true, out var provider) && Enum.IsDefined(provider)
            ? provider
            : throw new SettingException($"Database:Provider is '{name}'; it must be Sqlite or Postgres.");
    }

    public static string Postgres(string? connection)
    {
        if (string.IsNullOrWhiteSpace(connection))
        {
            throw new SettingException("ConnectionStrings:Database is missing; with Database:Provider Postgres it must be a connection string such as 'Host=db;Database=hub;Username=hub;Password=…'.");
        }

        try
        {
            return Tuned(new NpgsqlConnectionStringBuilder(connection) { ApplicationName = "IdentityHub" }).ConnectionString;
        }
        catch (ArgumentException problem)
        {
            throw new SettingException($"ConnectionStrings:Database is not a PostgreSQL connection string ({problem.Message}); it must look like 'Host=db;Database=hub;Username=hub;Password=…'.");
        }
    }

    public static string Sqlite(string? connection, string dataFolder)
    {
        if (string.IsNullOrWhiteSpace(connection))
        {
            return new SqliteConnectionStringBuilder { DataSource = Path.Combine(dataFolder, "hub.db") }.ConnectionString;
        }

        try
        {
            return new SqliteConnectionStringBuilder(connection).ConnectionString;
        }
        catch (ArgumentException problem)
        {
            throw new SettingException($"ConnectionStrings:Database is not a SQLite connection string ({problem.Message}); it must look like 'Data Source=hub.db', or set Database:Provider to Postgres.");
        }
    }

    // What the connection string says itself stands. The hub leaves nothing behind in a session of the server: no LISTEN, no
    // SET but SET LOCAL, no advisory lock but the one of a migration, which gives it back; and its statements are the same
    // few over and over.
    private static NpgsqlConnectionStringBuilder Tuned(NpgsqlConnectionStringBuilder connection)
    {
        var said = connection.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!said.Contains("No Reset On Close"))
        {
            connection.NoResetOnClose = true;
        }

        if (!said.Contains("Max Auto Prepare"))
        {
            connection.MaxAutoPrepare = 100;
        }

        return connection;
    }
}
