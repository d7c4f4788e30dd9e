using System.Buffers.Binary;

namespace IdentityHub.Administration;

/// <summary>
/// Identifiers of version 7 begin with their instant (RFC 9562 §5.7), in milliseconds: a span of time is a span of them,
/// which an index of identifiers finds. Pure.
/// </summary>
internal static class IdsOfTime
{
    /// <summary>Not greater than any identifier of this instant, and greater than all of those before.</summary>
    public static Guid First(DateTimeOffset at)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Math.Max(0, at.ToUnixTimeMilliseconds()) << 16);
        return new Guid(bytes, bigEndian: true);
    }
}
