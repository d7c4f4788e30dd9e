using IdentityHub.Data;

namespace IdentityHub.Sessions;

/// <summary>The one meaning of "live": not ended, not expired, and not before a cut-off.</summary>
internal static class LiveSessions
{
    /// <summary>The same in SQL of PostgreSQL, on a row of <c>user_sessions</c>; <c>@now</c> is the instant.</summary>
    public const string Condition =
        """
        ended_at IS NULL AND expires_at > @now AND NOT EXISTS (
            SELECT 1 FROM session_cutoffs c WHERE c.before >= user_sessions.created_at AND (c.client_id IS NULL OR EXISTS (
                SELECT 1 FROM session_participants p
                WHERE p.session_id = user_sessions.id AND p.client_id = c.client_id AND p.first_seen_at <= c.before)))
        """;

    public static IQueryable<UserSession> Live(this HubDb db, DateTimeOffset now) => db.Set<UserSession>().Where(s =>
        s.EndedAt == null && s.ExpiresAt > now
        && !db.Set<SessionCutoff>().Any(c => c.Before >= s.CreatedAt && (c.ClientId == null || db.Set<SessionParticipant>().Any(p =>
            p.SessionId == s.Id && p.ClientId == c.ClientId && p.FirstSeenAt <= c.Before))));
}
