using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace IdentityHub.Data;

/// <summary>Brings the database to this version, or says what to do when it is not there.</summary>
internal sealed class Migrator(HubDb db)
{
    // Any number that nothing else locks in this database.
    private const long MigrationLock = 0x4964_4875_624D;

    /// <summary>Applies what is pending; the names of what was applied. Safe to run from several nodes at once: one does it, the others find it done.</summary>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancel)
    {
        // The provider's own lock ends with each transaction, between two migrations as well. A database that is not there
        // yet is made by whoever is first.
        var locked = db is PostgresHubDb && await db.Database.CanConnectAsync(cancel);
        if (locked)
        {
            await db.Database.OpenConnectionAsync(cancel);
            db.Database.SetCommandTimeout(0);
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({MigrationLock})", cancel);
        }

        try
        {
            return await MigrateLockedAsync(cancel);
        }
        finally
        {
            if (locked)
            {
                await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({MigrationLock})", CancellationToken.None);
                db.Database.SetCommandTimeout((int?)null);
                await db.Database.CloseConnectionAsync();
            }
        }
    }

    private async Task<IReadOnlyList<string>> MigrateLockedAsync(CancellationToken cancel)
    {
        var pending = (await db.Database.GetPendingMigrationsAsync(cancel)).ToList();
        if (pending.Count > 0)
        {
            // Where there is nothing to do, EF Core would compare all models to say so: an eighth of a start.
            await db.Database.MigrateAsync(cancel);
        }

        if (db is SqliteHubDb)
        {
            // Readers go on while one writes.
            await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL", cancel);
        }

        await WriteWordsAsync(cancel);
        return pending;
    }

    // Of people who were there before words were kept. In batches, each behind the last: somebody whose name and address
    // have no word at all must not be read for ever. One that is interrupted goes on the next time.
    private async Task WriteWordsAsync(CancellationToken cancel)
    {
        const int Batch = 500;
        List<User> batch;
        var last = Guid.Empty;
        do
        {
            batch = await db.Users.AsNoTracking()
                .Where(u => u.Id > last && u.ClosedAt == null && !u.Synthetic && u.Email != null && !db.Set<UserWord>().Any(w => w.UserId == u.Id))
                .OrderBy(u => u.Id).Take(Batch).ToListAsync(cancel);
            db.AddRange(batch.SelectMany(UserWord.Of, (user, word) => new UserWord { Word = word, UserId = user.Id }));
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            last = batch.Count == 0 ? last : batch[^1].Id;
        }
        while (batch.Count == Batch);
    }

    /// <summary>
    /// Before serving. SQLite, one node and one file, is brought up by itself; PostgreSQL is not, because nodes of the
    /// version before may still be using it.
    /// </summary>
    /// <exception cref="SettingException">The database cannot be reached or is not migrated.</exception>
    public async Task EnsureCurrentAsync(CancellationToken cancel)
    {
        try
        {
            if (db is SqliteHubDb)
            {
                await MigrateAsync(cancel);
            }
            else if ((await db.Database.GetPendingMigrationsAsync(cancel)).ToList() is { Count: > 0 } pending)
            {
                throw new SettingException($"The database lacks {pending.Count} migration(s), the first is {pending[0]}; run 'hub migrate' with the same settings, then start again.");
            }
        }
        catch (NpgsqlException problem)
        {
            throw new SettingException($"The database cannot be reached ({problem.Message.TrimEnd('.')}); check ConnectionStrings:Database and that PostgreSQL is running.");
        }
    }
}
