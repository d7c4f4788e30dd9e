using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.EntityFrameworkCore.Migrations.Operations;
using Xunit;

namespace IdentityHub.Tests.Architecture;

public sealed class MigrationTests
{
    private const string Fix = "The model has changed since the last migration: add one for each provider (CONTRIBUTING.md says how).";

    [Fact]
    public void The_model_for_SQLite_equals_its_migrations()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        Assert.NotEmpty(db.Database.GetMigrations());
        Assert.False(db.Database.HasPendingModelChanges(), Fix);
    }

    [Fact]
    public void The_model_for_PostgreSQL_equals_its_migrations()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);
        Assert.NotEmpty(db.Database.GetMigrations());
        Assert.False(db.Database.HasPendingModelChanges(), Fix);
    }

    [Fact]
    public void What_the_migrations_make_for_SQLite_is_what_the_model_has()
    {
        using var db = new SqliteDesignTime().CreateDbContext([]);
        Assert.Equal(Modelled(db), Made(db));
    }

    [Fact]
    public void What_the_migrations_make_for_PostgreSQL_is_what_the_model_has()
    {
        using var db = new PostgresDesignTime().CreateDbContext([]);
        Assert.Equal(Modelled(db), Made(db));
    }

    // The snapshot says only what the last migration believes: two that were made at the same time may take back each other's.
    private static List<string> Made(DbContext db)
    {
        SortedSet<string> columns = new(StringComparer.Ordinal);
        var migrations = db.GetService<IMigrationsAssembly>();
        foreach (var operation in migrations.Migrations.OrderBy(m => m.Key, StringComparer.Ordinal).SelectMany(m => migrations.CreateMigration(m.Value, db.Database.ProviderName!).UpOperations))
        {
            switch (operation)
            {
                case CreateTableOperation made:
                    columns.UnionWith(made.Columns.Select(c => $"{made.Name}.{c.Name}"));
                    break;
                case DropTableOperation gone:
                    columns.RemoveWhere(c => c.StartsWith($"{gone.Name}.", StringComparison.Ordinal));
                    break;
                case AddColumnOperation added:
                    columns.Add($"{added.Table}.{added.Name}");
                    break;
                case DropColumnOperation dropped:
                    columns.Remove($"{dropped.Table}.{dropped.Name}");
                    break;
                case RenameColumnOperation renamed:
                    columns.Remove($"{renamed.Table}.{renamed.Name}");
                    columns.Add($"{renamed.Table}.{renamed.NewName}");
                    break;
                case RenameTableOperation renamed:
                    throw new InvalidOperationException($"{renamed.Name} is renamed: teach this test to follow.");
            }
        }

        return [.. columns];
    }

    private static List<string> Modelled(DbContext db) =>
        [.. db.GetService<IDesignTimeModel>().Model.GetRelationalModel().Tables.SelectMany(t => t.Columns.Select(c => $"{t.Name}.{c.Name}")).Order(StringComparer.Ordinal)];
}
