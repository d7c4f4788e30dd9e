namespace IdentityHub.Data;

/// <summary>Where the hub keeps its data. Section <c>Database</c>.</summary>
internal sealed class DatabaseOptions
{
    /// <summary><c>Sqlite</c> (default): one file in the data folder, one node. <c>Postgres</c>: any number of nodes.</summary>
    public DatabaseProvider Provider { get; set; } = DatabaseProvider.Sqlite;
}

internal enum DatabaseProvider
{
    Sqlite,
    Postgres,
}
