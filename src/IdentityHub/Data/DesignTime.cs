using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace IdentityHub.Data;

/// <summary>
/// Lets <c>dotnet ef</c> build the model without a server; nothing else uses these. Identity's part of the model
/// depends on its options, so they are the same here.
/// </summary>
internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresHubDb>
{
    public PostgresHubDb CreateDbContext(string[] args) =>
        new(DesignTime.Options<PostgresHubDb>().UseNpgsql("Host=localhost").Options);
}

internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteHubDb>
{
    public SqliteHubDb CreateDbContext(string[] args) =>
        new(DesignTime.Options<SqliteHubDb>().UseSqlite("Data Source=:memory:").Options);
}

file static class DesignTime
{
    public static DbContextOptionsBuilder<T> Options<T>() where T : HubDb
    {
        var services = new ServiceCollection();
        services.AddUsers();
        return new DbContextOptionsBuilder<T>().UseApplicationServiceProvider(services.BuildServiceProvider());
    }
}
