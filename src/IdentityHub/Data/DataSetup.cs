using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace IdentityHub.Data;

/// <summary>
/// What this installation is and where it keeps its data: the issuer, the data folder, the database and its
/// migrations. Knows the person's table because Identity does; knows no other capability, and never decides anything.
/// </summary>
internal static class DataSetup
{
    public static WebApplicationBuilder AddData(this WebApplicationBuilder builder)
    {
        var hub = HubSettings.Read(builder.Configuration, builder.Environment);
        builder.Services.AddSingleton(Microsoft.Extensions.Options.Options.Create(hub));
        var connection = builder.Configuration.GetConnectionString("Database");
        switch (DatabaseSettings.Provider(builder.Configuration))
        {
            case DatabaseProvider.Postgres:
                var postgres = DatabaseSettings.Postgres(connection);
                builder.Services.AddDbContextPool<HubDb, PostgresHubDb>(options => options.UseNpgsql(postgres));
                break;
            default:
                var sqlite = DatabaseSettings.Sqlite(connection, hub.DataFolder);
                // Rebuilding a table turns foreign keys off, which SQLite does outside of a transaction alone: at each first
                // start a warning to somebody who can do nothing about it.
                builder.Services.AddDbContextPool<HubDb, SqliteHubDb>(options => options.UseSqlite(sqlite)
                    .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning)));
                break;
        }

        builder.Services.AddScoped<Migrator>();
        return builder;
    }
}
