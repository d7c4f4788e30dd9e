using System.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Data;

internal static class HubTransaction
{
    /// <summary>
    /// Runs <paramref name="work"/> in a transaction: the caller's, if one is open, so that several acts commit
    /// together; otherwise one of its own.
    /// </summary>
    /// <remarks>
    /// PostgreSQL at READ COMMITTED: what a lock waited for is read anew after the wait. SQLite at SERIALIZABLE,
    /// which its driver begins as <c>BEGIN IMMEDIATE</c>: the write lock is taken before anything is read.
    /// </remarks>
    public static async Task<T> InTransactionAsync<T>(this HubDb db, Func<Task<T>> work, CancellationToken cancel = default)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            return await work();
        }

        var isolation = db is SqliteHubDb ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted;
        await using var transaction = await db.Database.BeginTransactionAsync(isolation, cancel);
        var result = await work();
        await transaction.CommitAsync(cancel);
        return result;
    }
}
