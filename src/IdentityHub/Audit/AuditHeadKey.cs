using System.Buffers.Binary;
using System.Security.Cryptography;
using IdentityHub.Keys;

namespace IdentityHub.Audit;

/// <summary>Vouches for the end of the chain with what the installation knows and its database does not.</summary>
internal sealed class AuditHeadKey(InstallationSecret secret)
{
    // RFC 5869: one secret, and for each use a key that tells nothing about another.
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Value, 32, info: "IdentityHub audit head 1"u8.ToArray());

    public byte[] Mac(long sequence, byte[] hash)
    {
        var content = new byte[sizeof(long) + hash.Length];
        BinaryPrimitives.WriteInt64BigEndian(content, sequence);
        hash.CopyTo(content, sizeof(long));
        return HMACSHA256.HashData(_key, content);
    }

    public bool Vouches(AuditHead head) => CryptographicOperations.FixedTimeEquals(Mac(head.Sequence, head.Hash), head.Mac);
}
