using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.Tests.Access;

/// <summary>The roles of the administration are there once the database is migrated, each once.</summary>
public sealed class RoleTableTests(SharedServers servers)
{
    private static readonly string[] Roles = [.. Enum.GetValues<AdminRole>().Select(r => r.Name()).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task Nodes_that_migrate_at_the_same_time_leave_each_role_once()
    {
        var connection = await (await servers.PostgresAsync()).CreateDatabaseAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await using var db = Open(connection);
            await new Migrator(db).MigrateAsync(TestContext.Current.CancellationToken);
        })));

        await using var db = Open(connection);
        Assert.Equal(Roles, await NamesAsync(db));
    }

    [Fact]
    public async Task An_installation_that_has_made_a_role_itself_keeps_it_and_who_has_it()
    {
        await using var db = Open(await (await servers.PostgresAsync()).CreateDatabaseAsync());
        await db.GetService<IMigrator>().MigrateAsync("Overview", TestContext.Current.CancellationToken);
        var (role, person) = (Guid.CreateVersion7(), new User { Id = Guid.CreateVersion7(), UserName = "ada", NormalizedUserName = "ADA", SecurityStamp = "stamp" });
        await db.Database.ExecuteSqlAsync($"INSERT INTO roles (id, name, normalized_name, concurrency_stamp) VALUES ({role}, 'administrator', 'ADMINISTRATOR', 'of its own')", TestContext.Current.CancellationToken);
        db.AddRange(person, new IdentityUserRole<Guid> { UserId = person.Id, RoleId = role });
        await db.SaveChangesAsync(TestContext.Current.CancellationToken);

        await new Migrator(db).MigrateAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Roles, await NamesAsync(db));
        Assert.Equal(AdminRole.Administrator, await new Administrators(db, null!).RoleOfAsync(person.Id, TestContext.Current.CancellationToken));
    }

    // Identity's part of the model depends on its options.
    private static PostgresHubDb Open(string connection)
    {
        var services = new ServiceCollection();
        services.AddUsers();
        return new(new DbContextOptionsBuilder<PostgresHubDb>().UseApplicationServiceProvider(services.BuildServiceProvider()).UseNpgsql(connection).Options);
    }

    private static Task<List<string>> NamesAsync(HubDb db) => db.Set<Role>().OrderBy(r => r.Name).Select(r => r.Name!).ToListAsync(TestContext.Current.CancellationToken);
}
