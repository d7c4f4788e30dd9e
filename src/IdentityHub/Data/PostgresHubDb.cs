using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Data;

/// <summary>PostgreSQL: any number of nodes, row locks.</summary>
internal sealed class PostgresHubDb(DbContextOptions<PostgresHubDb> options) : HubDb(options)
{
    public override string ForShare => " FOR SHARE";

    // Not FOR UPDATE: inserting a participant takes FOR KEY SHARE on its session through the foreign key, which need
    // not wait for us; FOR SHARE, which issuing takes, does.
    public override string ForUpdate => " FOR NO KEY UPDATE";
}
