using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Administration;

/// <summary>The keys of the installation, as an administrator sees them: never their private parts.</summary>
internal sealed class SigningKeys(HubDb db, KeySeal seal, IOptions<KeyOptions> options, KeyRing ring, AuditTrail audit, TimeProvider time)
{
    /// <summary>The keys of each algorithm: the active one, the next, those that are still accepted.</summary>
    public async Task<IReadOnlyList<ListedKey>> ListAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var stored = await db.Set<StoredKey>().AsNoTracking().ToListAsync(cancel);
        return
        [
            .. stored.GroupBy(key => key.Algorithm).SelectMany(generations => generations.Select(key => Listed(key, [.. generations], now)))
                .OrderBy(key => Order(key.Algorithm)).ThenBy(key => key.State).ThenByDescending(key => key.ActiveFrom),
        ];
    }

    /// <summary>
    /// Makes a successor of each key now, in place of when it would be due. Published at once, it signs after
    /// <c>Keys:PublishAhead</c>; where a successor is published already, that one stays.
    /// </summary>
    /// <returns>Those that were made.</returns>
    public async Task<IReadOnlyList<string>> RotateAsync(Initiator initiator, CancellationToken cancel)
    {
        var (rotation, now, made) = (new KeyRotation(db, seal, options.Value), time.GetUtcNow(), new List<string>());
        foreach (var algorithm in KeyMaterial.Signing.Append(KeyMaterial.Encryption))
        {
            if (await rotation.SucceedAsync(algorithm, now, key => audit.Add(db, "key_rotated", initiator.Name, details: new { kid = key.Id, algorithm, activeFrom = key.ActiveFrom }), cancel) is { } id)
            {
                made.Add(id);
            }
        }

        // In a transaction of the caller's there is nothing to be read yet; then this node looks again like every other one.
        if (db.Database.CurrentTransaction is null)
        {
            await ring.LoadAsync(cancel);
        }

        return made;
    }

    private static ListedKey Listed(StoredKey key, IReadOnlyCollection<StoredKey> generations, DateTimeOffset now)
    {
        var active = KeySchedule.Active(generations, now);
        var state = key.Id == active.Id ? KeyState.Active : key.ActiveFrom > now ? KeyState.Next : KeyState.Retired;
        return new(key.Id, key.Algorithm, state, key.CreatedAt, key.ActiveFrom == KeySchedule.First ? key.CreatedAt : key.ActiveFrom, key.RetiresAt);
    }

    private static int Order(string algorithm) => KeyMaterial.Signing.Append(KeyMaterial.Encryption).Index().FirstOrDefault(a => a.Item == algorithm).Index;
}

internal enum KeyState
{
    /// <summary>It signs.</summary>
    Active,

    /// <summary>It is published and does not sign yet.</summary>
    Next,

    /// <summary>It signs no more; what it has signed is still accepted.</summary>
    Retired,
}

/// <param name="Id">The <c>kid</c>.</param>
/// <param name="Algorithm">What it is for.</param>
/// <param name="State">What it does now.</param>
/// <param name="CreatedAt">Since when it is published.</param>
/// <param name="ActiveFrom">Since or from when it signs.</param>
/// <param name="RetiresAt">Until when it is accepted; null while that is open.</param>
internal sealed record ListedKey(string Id, string Algorithm, KeyState State, DateTimeOffset CreatedAt, DateTimeOffset ActiveFrom, DateTimeOffset? RetiresAt);
