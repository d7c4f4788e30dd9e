using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Data;

/// <summary>PostgreSQL: any number of nodes, row locks.</summary>
internal sealed class PostgresHubDb(DbContextOptions<PostgresHubDb> options) : HubDb(options)
{
    // A change takes FOR NO KEY UPDATE and not FOR UPDATE: a row that refers to ours through a foreign key takes FOR KEY
    // SHARE, which need not wait for us; FOR SHARE, which issuing takes, does.
    protected override string LockClause(RowLock mode) => mode switch
    {
        RowLock.Share => " FOR SHARE",
        RowLock.Change => " FOR NO KEY UPDATE",
        // What is about to go makes those wait that begin to refer to it, and they find it gone.
        RowLock.Remove => " FOR UPDATE",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    // Of 64 bits, so that it never wraps round.
    protected override string TransactionNumberSql => "pg_current_xact_id()::text::bigint";

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        // By bytes, whatever the language of the database: only so is a prefix a range, and the order the same as on SQLite.
        builder.Entity<UserWord>().Property(w => w.Word).UseCollation("C");
    }
}
