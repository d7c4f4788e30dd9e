using System.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Data;

internal static class HubTransaction
{
    /// <summary>
    /// Runs <paramref name="work"/> in a transaction: the caller's, if one is open, so that several acts commit
    /// together; otherwise one of its own.
    /// </summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="work">What is done together or not at all.</param>
    /// <param name="keep">Judges the result; false takes back all that the work has written, and nothing else of a caller's transaction.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    /// <remarks>
    /// PostgreSQL at READ COMMITTED: what a lock waited for is read anew after the wait. SQLite at SERIALIZABLE,
    /// which its driver begins as <c>BEGIN IMMEDIATE</c>: the write lock is taken before anything is read.
    /// </remarks>
    public static async Task<T> InTransactionAsync<T>(this HubDb db, Func<Task<T>> work, Predicate<T>? keep = null, CancellationToken cancel = default)
    {
        if (db.Database.CurrentTransaction is not null)
        {
            return keep is null ? await work() : await WithinAsync(db, work, keep);
        }

        var isolation = db is SqliteHubDb ? IsolationLevel.Serializable : IsolationLevel.ReadCommitted;
        db.Afterwards.Clear();
        await using var transaction = await db.Database.BeginTransactionAsync(isolation, cancel);
        var result = await work();
        if (keep?.Invoke(result) == false)
        {
            db.ChangeTracker.Clear();
            return result;
        }

        await transaction.CommitAsync(cancel);
        db.Afterwards.ForEach(act => act());
        return result;
    }

    /// <summary>
    /// Has <paramref name="act"/> done once what is being written is there for everybody to see, and not at all when it is
    /// taken back: for bells, and for what a person is handed. It must not fail.
    /// </summary>
    /// <exception cref="InvalidOperationException">No transaction is open: then nobody could say when.</exception>
    public static void AfterCommit(this HubDb db, Action act)
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("What is to be done after the commit needs a transaction.");
        }

        db.Afterwards.Add(act);
    }

    /// <summary>
    /// Saves within the open transaction, without the savepoint that EF Core makes for those who go on after a failure:
    /// whoever calls this does not.
    /// </summary>
    public static async Task SaveOrFailAsync(this HubDb db)
    {
        db.Database.AutoSavepointsEnabled = false;
        try
        {
            await db.SaveChangesAsync();
        }
        finally
        {
            db.Database.AutoSavepointsEnabled = true;
        }
    }

    private static async Task<T> WithinAsync<T>(HubDb db, Func<Task<T>> work, Predicate<T> keep)
    {
        const string Name = "within";
        var transaction = db.Database.CurrentTransaction!;
        var before = db.Afterwards.Count;
        await transaction.CreateSavepointAsync(Name);
        var result = await work();
        if (!keep(result))
        {
            await transaction.RollbackToSavepointAsync(Name);
            db.Afterwards.RemoveRange(before, db.Afterwards.Count - before);
            db.ChangeTracker.Clear();
        }

        // So that an outer one of this name is again the one that is meant.
        await transaction.ReleaseSavepointAsync(Name);
        return result;
    }
}
