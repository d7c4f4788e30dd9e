using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Sessions;

/// <summary>
/// The query of every request that carries our cookie, compiled once. One of these per host, because a compiled query
/// belongs to the model, and thereby to the database, that it first ran on.
/// </summary>
internal sealed class LiveSessionQuery
{
    /// <summary>The live session whose cookie has this hash, at this instant.</summary>
    public Func<HubDb, byte[], DateTimeOffset, Task<CurrentSession?>> Find { get; } = EF.CompileAsyncQuery(
        (HubDb db, byte[] hash, DateTimeOffset now) => db.Set<UserSession>()
            .Where(s => s.CookieHash == hash && s.EndedAt == null && s.ExpiresAt > now
                // LiveSessions.Live, spelt out: a compiled query takes no part from elsewhere.
                && !db.Set<SessionCutoff>().Any(c => c.Before >= s.CreatedAt && (c.ClientId == null || db.Set<SessionParticipant>().Any(p =>
                    p.SessionId == s.Id && p.ClientId == c.ClientId && p.FirstSeenAt <= c.Before))))
            .Select(s => new CurrentSession(
                s.Id, s.Sid, s.UserId, s.User!.DisplayName, s.User.Email!, s.AuthenticatedAt, s.Amr, s.LastSeenAt, s.ExpiresAt, s.AbsoluteExpiresAt,
                new SessionTerms(s.IdleTimeout, s.AbsoluteTimeout, s.Remembered))
            {
                HasSecondFactor = s.User.TwoFactorEnabled,
            })
            .FirstOrDefault());
}
