using IdentityHub.Client.Sessions;

namespace IdentityHub.Client.EntityFrameworkCore;

/// <summary>
/// A <see cref="StoredSession"/>. Times are UTC ticks, which every database compares (SQLite has no type for an instant);
/// what is searched for is a <see cref="Mark"/>, because the provider chooses how long a sub or sid is.
/// </summary>
internal sealed class SessionRow
{
    public required string Key { get; init; }

    public required string SubjectMark { get; init; }

    public required string? SidMark { get; init; }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required string? Sid { get; init; }

    public required long IssuedAt { get; init; }

    public required long ExpiresAt { get; init; }

    public required long EndsAt { get; init; }

    public required byte[] Ticket { get; init; }

    public static SessionRow Of(StoredSession session) => new()
    {
        Key = session.Key,
        SubjectMark = Mark.Of(session.Issuer, session.Subject),
        SidMark = session.Sid is { } sid ? Mark.Of(session.Issuer, sid) : null,
        Issuer = session.Issuer,
        Subject = session.Subject,
        Sid = session.Sid,
        IssuedAt = session.IssuedAt.UtcTicks,
        ExpiresAt = session.ExpiresAt.UtcTicks,
        EndsAt = session.EndsAt.UtcTicks,
        Ticket = session.Ticket.ToArray(),
    };

    public StoredSession ToStored() => new()
    {
        Key = Key,
        Issuer = Issuer,
        Subject = Subject,
        Sid = Sid,
        IssuedAt = new(IssuedAt, TimeSpan.Zero),
        ExpiresAt = new(ExpiresAt, TimeSpan.Zero),
        EndsAt = new(EndsAt, TimeSpan.Zero),
        Ticket = Ticket,
    };
}
