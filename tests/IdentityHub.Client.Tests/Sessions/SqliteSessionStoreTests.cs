using IdentityHub.Tests.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Client.Tests.Sessions;

public sealed class SqliteSessionStoreTests : EntityFrameworkSessionStoreTests
{
    private readonly TemporaryFolder _folder = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    protected override Task<Action<DbContextOptionsBuilder>> DatabaseAsync() =>
        Task.FromResult<Action<DbContextOptionsBuilder>>(o => o.UseSqlite($"Data Source={_folder.File("sessions.db")}"));
}
