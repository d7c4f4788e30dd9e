namespace IdentityHub.Data;

/// <summary>Where the hub keeps its data. Setting <c>Database:Provider</c>.</summary>
internal enum DatabaseProvider
{
    /// <summary>One file in the data folder, one node; the embedded default.</summary>
    Sqlite,

    /// <summary>Any number of nodes.</summary>
    Postgres,
}
