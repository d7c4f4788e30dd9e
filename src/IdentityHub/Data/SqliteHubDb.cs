using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IdentityHub.Data;

/// <summary>
/// SQLite: one node, one writer. A transaction is <c>BEGIN IMMEDIATE</c>, so whoever is in one is alone and row
/// locks have nothing to add.
/// </summary>
internal sealed class SqliteHubDb(DbContextOptions<SqliteHubDb> options) : HubDb(options)
{
    protected override string LockClause(RowLock mode) => "";

    protected override string TransactionNumberSql => "0";

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        // SQLite has no type for an instant with an order; microseconds since 1970 have one.
        conventions.Properties<DateTimeOffset>().HaveConversion<Microseconds>();
    }

    private sealed class Microseconds() : ValueConverter<DateTimeOffset, long>(
        instant => (instant.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond,
        stored => DateTimeOffset.UnixEpoch.AddTicks(stored * TimeSpan.TicksPerMicrosecond));
}
