using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Client.Tests.Sessions;

public sealed class PostgresSessionStoreTests(SharedServers servers) : EntityFrameworkSessionStoreTests
{
    protected override int Rounds => 200;

    protected override async Task<Action<DbContextOptionsBuilder>> DatabaseAsync()
    {
        var database = await (await servers.PostgresAsync()).CreateDatabaseAsync();
        return o => o.UseNpgsql(database);
    }
}
