using System.Text.Json.Serialization;

namespace IdentityHub.Client.Sessions;

/// <summary>
/// A session as the cache holds it. Written once; only removed afterwards. <see cref="Generation"/> is the person's at the
/// time of writing, see <see cref="CachedPersonEnd"/>.
/// </summary>
internal sealed record CachedSession(
    string Issuer, string Subject, string? Sid, DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, DateTimeOffset EndsAt,
    byte[] Ticket, string? Generation)
{
    public static CachedSession Of(StoredSession session, string? generation) => new(
        session.Issuer, session.Subject, session.Sid, session.IssuedAt, session.ExpiresAt, session.EndsAt,
        session.Ticket.ToArray(), generation);

    public StoredSession ToStored(string key, DateTimeOffset expiresAt) => new()
    {
        Key = key,
        Issuer = Issuer,
        Subject = Subject,
        Sid = Sid,
        IssuedAt = IssuedAt,
        ExpiresAt = expiresAt,
        EndsAt = EndsAt,
        Ticket = Ticket,
    };
}

/// <summary>
/// All sessions of a person were ended. Every such end writes a new random generation, and a session of another
/// generation is dead: two nodes that write at once may lose one of the values, but never one of the ends.
/// </summary>
internal sealed record CachedPersonEnd(string Generation, DateTimeOffset IssuedAt);

[JsonSerializable(typeof(CachedSession))]
[JsonSerializable(typeof(CachedPersonEnd))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(string))]
internal sealed partial class CachedJson : JsonSerializerContext;
