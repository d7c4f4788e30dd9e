using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IdentityHub.Audit;

/// <summary>
/// How entries are chained: the hash of each covers the one before it and all of its own content. Pure. The encoding is
/// described in <c>docs/adr/0028-audit-chain.md</c>, so that an export can be checked without this program.
/// </summary>
internal static class AuditChain
{
    public const int HashBytes = 32;
    public const int SaltBytes = 16;

    private const byte Version = 1;

    /// <summary>What stands before the first entry.</summary>
    public static readonly byte[] Genesis = new byte[HashBytes];

    /// <summary>SHA-256 of the previous hash and the entry.</summary>
    /// <param name="previous">The hash at the place before.</param>
    /// <param name="entry">The entry as the database gives it.</param>
    /// <param name="trace">Its <see cref="Trace"/> as it was when it got its place.</param>
    public static byte[] Link(byte[] previous, AuditEntry entry, byte[]? trace)
    {
        var content = new ArrayBufferWriter<byte>(256);
        content.Write([Version]);
        content.Write(previous);
        content.Write(entry.Id.ToByteArray(bigEndian: true));
        // The databases keep microseconds.
        Number(content, (entry.At.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
        Field(content, Encoding.UTF8.GetBytes(entry.Action));
        Field(content, entry.UserId?.ToByteArray(bigEndian: true));
        Field(content, Encoding.UTF8.GetBytes(entry.Actor));
        Field(content, entry.SessionId?.ToByteArray(bigEndian: true));
        Field(content, entry.Details is null ? null : Encoding.UTF8.GetBytes(entry.Details));
        Field(content, trace);
        return SHA256.HashData(content.WrittenSpan);
    }

    /// <summary>Where the act came from, by a hash with the entry's salt; null where there is no salt.</summary>
    public static byte[]? Trace(AuditEntry entry)
    {
        if (entry.TraceSalt is null)
        {
            return null;
        }

        var content = new ArrayBufferWriter<byte>(128);
        Field(content, entry.TraceSalt);
        Field(content, entry.IpAddress is null ? null : Encoding.UTF8.GetBytes(entry.IpAddress));
        Field(content, entry.UserAgent is null ? null : Encoding.UTF8.GetBytes(entry.UserAgent));
        return SHA256.HashData(content.WrittenSpan);
    }

    // A length before each, so that no two entries are written alike; one that cannot be for what is not there.
    private static void Field(ArrayBufferWriter<byte> content, byte[]? value)
    {
        BinaryPrimitives.WriteInt32BigEndian(content.GetSpan(4), value?.Length ?? -1);
        content.Advance(4);
        content.Write(value);
    }

    private static void Number(ArrayBufferWriter<byte> content, long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(content.GetSpan(8), value);
        content.Advance(8);
    }
}
