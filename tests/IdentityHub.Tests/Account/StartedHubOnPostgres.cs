using IdentityHub.Tests.Testing;

namespace IdentityHub.Tests.Account;

/// <summary>The same hub on PostgreSQL.</summary>
public sealed class StartedHubOnPostgres(SharedServers servers) : StartedHub
{
    protected override async Task<string[]> SettingsAsync() =>
        ["--Database:Provider", "Postgres", "--ConnectionStrings:Database", await (await servers.PostgresAsync()).CreateDatabaseAsync()];
}
