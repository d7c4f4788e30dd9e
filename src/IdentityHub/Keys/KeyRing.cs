using System.Collections.Concurrent;
using System.Security.Cryptography;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Keys;

/// <summary>
/// The keys of the installation as this node knows them: read from the database, the same on every node. Reading is
/// free and from any thread; a list that was handed out never changes. Loading is one caller's at a time.
/// </summary>
internal sealed class KeyRing(IServiceScopeFactory scopes, KeySeal seal, IOptions<KeyOptions> options, TimeProvider time)
{
    // A key object keeps its identity over reloads: the signature providers cached for it stay warm.
    private readonly ConcurrentDictionary<string, LoadedKey> _opened = [];
    private volatile KeySet? _keys;

    /// <summary>Raised after a reload that changed something, with the new lists already in place.</summary>
    public event Action? Changed;

    /// <summary>The active key of each algorithm, RS256 before ES256, then the other published ones.</summary>
    public IReadOnlyList<SigningCredentials> Signing => Loaded.Signing;

    /// <summary>The active key first; the others are for decryption.</summary>
    public IReadOnlyList<EncryptingCredentials> Encryption => Loaded.Encryption;

    /// <summary>The public halves of all signing keys that are announced, in use or still accepted.</summary>
    public IReadOnlyList<SecurityKey> Published => Loaded.Published;

    private KeySet Loaded => _keys ?? throw new InvalidOperationException($"{nameof(KeyRing)}.{nameof(LoadAsync)} has not run yet.");

    public SigningCredentials ActiveFor(string algorithm) => Loaded.Active.TryGetValue(algorithm, out var active)
        ? active
        : throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, $"The hub signs with {string.Join(" or ", KeyMaterial.Signing)}.");

    /// <summary>Reads the keys; makes, retires and deletes what is due before.</summary>
    /// <exception cref="SettingException">The keys are sealed under another installation's secret.</exception>
    public async Task LoadAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var rotation = new KeyRotation(db, seal, options.Value);
        foreach (var algorithm in KeyMaterial.Signing.Append(KeyMaterial.Encryption))
        {
            await rotation.RotateAsync(algorithm, time.GetUtcNow(), cancel);
        }

        var stored = await db.Set<StoredKey>().AsNoTracking().ToListAsync(cancel);
        var (before, now) = (_keys, new KeySet([.. stored.Select(Open)], time.GetUtcNow()));
        _keys = now;
        foreach (var gone in _opened.Keys.Except(stored.Select(key => key.Id)))
        {
            _opened.TryRemove(gone, out _);
        }

        if (before is not null && !before.SameAs(now))
        {
            Changed?.Invoke();
        }
    }

    private LoadedKey Open(StoredKey stored)
    {
        var key = _opened.GetOrAdd(stored.Id, _ =>
        {
            var secret = seal.Open(stored.Sealed, KeyRotation.Use(stored.Id, stored.Algorithm));
            var loaded = KeyMaterial.Load(stored, secret);
            CryptographicOperations.ZeroMemory(secret);
            return loaded;
        });
        return key with { Stored = stored };
    }
}
