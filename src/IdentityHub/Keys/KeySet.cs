using System.Collections.Frozen;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Keys;

/// <summary>The keys as they stand at one instant, in the order in which they are used. Immutable.</summary>
internal sealed class KeySet
{
    public KeySet(IReadOnlyCollection<LoadedKey> keys, DateTimeOffset now)
    {
        var byAlgorithm = keys.ToLookup(key => key.Stored.Algorithm);
        var signing = KeyMaterial.Signing.Select(algorithm => Ordered([.. byAlgorithm[algorithm]], now)).ToList();
        var inOrder = signing.Select(list => list[0]).Concat(signing.SelectMany(list => list.Skip(1))).ToList();
        Signing = [.. inOrder.Select(key => new SigningCredentials(key.Private, key.Stored.Algorithm))];
        Published = [.. inOrder.Select(key => key.Public)];
        Active = Signing.Take(signing.Count).ToFrozenDictionary(credentials => credentials.Algorithm);
        Encryption =
        [
            .. Ordered([.. byAlgorithm[KeyMaterial.Encryption]], now)
                .Select(key => new EncryptingCredentials(key.Private, SecurityAlgorithms.Aes256KW, SecurityAlgorithms.Aes256CbcHmacSha512)),
        ];
    }

    public IReadOnlyList<SigningCredentials> Signing { get; }

    public FrozenDictionary<string, SigningCredentials> Active { get; }

    public IReadOnlyList<SecurityKey> Published { get; }

    public IReadOnlyList<EncryptingCredentials> Encryption { get; }

    public bool SameAs(KeySet other) =>
        Signing.Select(c => c.Kid).SequenceEqual(other.Signing.Select(c => c.Kid))
        && Encryption.Select(c => c.Key.KeyId).SequenceEqual(other.Encryption.Select(c => c.Key.KeyId));

    private static IReadOnlyList<LoadedKey> Ordered(IReadOnlyCollection<LoadedKey> generations, DateTimeOffset now)
    {
        var active = KeySchedule.Active([.. generations.Select(key => key.Stored)], now);
        return
        [
            .. generations.Where(key => key.Stored == active),
            .. generations
                .Where(key => key.Stored != active && KeySchedule.Accepted(key.Stored, now))
                .OrderByDescending(key => key.Stored.ActiveFrom),
        ];
    }
}
