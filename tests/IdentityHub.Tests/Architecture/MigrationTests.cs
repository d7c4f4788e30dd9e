using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
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
}
