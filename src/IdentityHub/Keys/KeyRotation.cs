using System.Security.Cryptography;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Keys;

/// <summary>Carries out the schedule on the rows of one algorithm. Any number of nodes may do so at once: one wins, the others find it done.</summary>
internal sealed class KeyRotation(HubDb db, KeySeal seal, KeyOptions options)
{
    /// <summary>What the seal binds a key to: a row whose name or algorithm was changed does not open.</summary>
    public static string Use(string id, string algorithm) => $"{algorithm}:{id}";

    public async Task RotateAsync(string algorithm, DateTimeOffset now, CancellationToken cancel)
    {
        if (!KeySchedule.IsDue(await Generations(algorithm).AsNoTracking().ToListAsync(cancel), now, options))
        {
            return;
        }

        try
        {
            await db.InTransactionAsync(() => RotateLockedAsync(algorithm, now, cancel), cancel: cancel);
        }
        catch (DbUpdateException)
        {
            // Nobody can lock a row that does not exist yet: when two nodes make the first generation at once, the
            // unique index takes one and the other node finds it here.
            db.ChangeTracker.Clear();
            if (!await Generations(algorithm).AnyAsync(cancel))
            {
                throw;
            }
        }
    }

    /// <summary>
    /// Makes the successor now, published for as long as any other before it is used. The identifier of the new key; null
    /// when one is waiting for its turn already.
    /// </summary>
    /// <param name="algorithm">Of which keys.</param>
    /// <param name="now">The instant.</param>
    /// <param name="record">Adds to the same commit who asked for the key.</param>
    /// <param name="cancel">Gives up before the commit.</param>
    public Task<string?> SucceedAsync(string algorithm, DateTimeOffset now, Action<StoredKey> record, CancellationToken cancel) => db.InTransactionAsync(async () =>
    {
        await db.Lock<StoredKey>(RowLock.Change, "algorithm = {0} ORDER BY id", algorithm).ToListAsync(cancel);
        if (await Generations(algorithm).AnyAsync(key => key.ActiveFrom > now, cancel))
        {
            return null;
        }

        var key = Create(algorithm, now + options.PublishAhead, now);
        db.Add(key);
        record(key);
        await db.SaveChangesAsync(cancel);
        return key.Id;
    }, cancel: cancel);

    private async Task<int> RotateLockedAsync(string algorithm, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Lock<StoredKey>(RowLock.Change, "algorithm = {0} ORDER BY id", algorithm).ToListAsync(cancel);
        // Read after the wait: what another node did meanwhile is no longer due.
        var generations = await Generations(algorithm).ToListAsync(cancel);
        foreach (var (key, end) in KeySchedule.ToRetire(generations, now, options).ToList())
        {
            key.RetiresAt = end;
        }

        db.RemoveRange(KeySchedule.ToDelete(generations, now).ToList());
        if (KeySchedule.Successor(generations, now, options) is { } activeFrom)
        {
            db.Add(Create(algorithm, activeFrom, now));
        }

        return await db.SaveChangesAsync(cancel);
    }

    private StoredKey Create(string algorithm, DateTimeOffset activeFrom, DateTimeOffset now)
    {
        var (id, secret) = KeyMaterial.Create(algorithm);
        var box = seal.Seal(secret, Use(id, algorithm));
        CryptographicOperations.ZeroMemory(secret);
        return new StoredKey { Id = id, Algorithm = algorithm, Sealed = box, CreatedAt = now, ActiveFrom = activeFrom };
    }

    private IQueryable<StoredKey> Generations(string algorithm) => db.Set<StoredKey>().Where(key => key.Algorithm == algorithm);
}
