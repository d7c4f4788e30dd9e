using IdentityHub.Client.Sessions;

namespace IdentityHub.Client.EntityFrameworkCore;

/// <summary>
/// A <see cref="LogoutNotice"/> that was obeyed. One insert says both that its token is used up and what it ended, so
/// there is no moment in which only one of the two is true.
/// </summary>
internal sealed class EndedRow
{
    public required string TokenMark { get; init; }

    /// <summary>Set when one session was ended.</summary>
    public required string? SidMark { get; init; }

    /// <summary>Set when all sessions of a person were ended.</summary>
    public required string? SubjectMark { get; init; }

    public required long IssuedAt { get; init; }

    public required long KeepUntil { get; init; }

    public static EndedRow Of(LogoutNotice notice, DateTimeOffset keepUntil) => new()
    {
        TokenMark = Mark.Of(notice.Issuer, notice.TokenId),
        SidMark = notice.Sid is { } sid ? Mark.Of(notice.Issuer, sid) : null,
        // Back-Channel Logout §2.7: beside a sid, sub only confirms whose session it is.
        SubjectMark = notice.Sid is null ? Mark.Of(notice.Issuer, notice.Subject!) : null,
        IssuedAt = notice.IssuedAt.UtcTicks,
        KeepUntil = keepUntil.UtcTicks,
    };
}
