using IdentityHub.Client.EntityFrameworkCore;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Notes;

/// <summary>
/// For several nodes: the sessions, and the keys that encrypt what is in them, in one PostgreSQL. Without a connection
/// string this is one node, and its sessions are in memory.
/// </summary>
internal static class SharedSessions
{
    public static void Add(WebApplicationBuilder builder)
    {
        if (builder.Configuration.GetConnectionString("Sessions") is not { Length: > 0 } database)
        {
            return;
        }

        builder.Services.AddDbContext<SessionsDb>(o => o.UseNpgsql(database));
        builder.Services.AddIdentityHubSessions<SessionsDb>();
        builder.Services.AddDataProtection().SetApplicationName("notes").PersistKeysToDbContext<SessionsDb>();
    }

    /// <summary>Once, before the nodes start: <c>Notes migrate</c>.</summary>
    public static async Task<int> MigrateAsync(WebApplication app)
    {
        await using var scope = app.Services.CreateAsyncScope();
        if (scope.ServiceProvider.GetService<SessionsDb>() is not { } db)
        {
            await Console.Error.WriteLineAsync("ConnectionStrings:Sessions is missing; set it to the PostgreSQL that the nodes share.");
            return 1;
        }

        await db.Database.EnsureCreatedAsync();
        return 0;
    }
}

internal sealed class SessionsDb(DbContextOptions<SessionsDb> options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddIdentityHubSessions();
}
