using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Data;

/// <summary>PostgreSQL: any number of nodes, row locks.</summary>
internal sealed class PostgresHubDb(DbContextOptions<PostgresHubDb> options) : HubDb(options)
{
    // A change takes FOR NO KEY UPDATE and not FOR UPDATE: a row that refers to ours through a foreign key takes FOR KEY
    // SHARE, which need not wait for us; FOR SHARE, which issuing takes, does.
    protected override string LockClause(RowLock mode) => mode is RowLock.Share ? " FOR SHARE" : " FOR NO KEY UPDATE";

    // Of 64 bits, so that it never wraps round.
    protected override string TransactionNumberSql => "pg_current_xact_id()::text::bigint";
}
