using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Revocation;

/// <summary>
/// The end of one person's sessions on PostgreSQL: sessions, grants and tokens in one statement, which is one way to the
/// server instead of three.
/// </summary>
/// <remarks>
/// The sessions are locked by a statement before this one, so that it sees what an issuance in flight has written until
/// then (I2). The tokens name the grants, which fixes the order in which the rows are taken, the same as everywhere.
/// </remarks>
internal static class PostgresRevocation
{
    /// <summary>Of the sessions; a grant with consent to <c>offline_access</c> outlives the session it was made in (Back-Channel Logout §2.7).</summary>
    /// <returns>How many grants and tokens died.</returns>
    public static Task<int> EndAsync(HubDb db, Guid[] sessions, Guid act, DateTimeOffset now) => CountAsync(db,
        $"""
        WITH ended AS (
            UPDATE user_sessions SET ended_at = {now}, revocation_id = {act} WHERE id = ANY({sessions})
        ), revoked AS (
            UPDATE grants SET status = 'revoked' WHERE status = 'valid' AND session_id = ANY({sessions}) AND NOT offline RETURNING 1
        ), dead AS (
            UPDATE issued_tokens t SET status = 'revoked' FROM grants g
            WHERE t.status = 'valid' AND t.session_id = ANY({sessions}) AND g.id = t.authorization_id AND NOT g.offline
                AND (SELECT count(*) FROM revoked) >= 0
            RETURNING 1
        )
        SELECT ((SELECT count(*) FROM revoked) + (SELECT count(*) FROM dead))::int AS "Value"
        """);

    /// <summary>The same with everything that was ever issued to the person, whatever the session.</summary>
    public static Task<int> EndWithAllOfAsync(HubDb db, string subject, Guid[] sessions, Guid act, DateTimeOffset now) => CountAsync(db,
        $"""
        WITH ended AS (
            UPDATE user_sessions SET ended_at = {now}, revocation_id = {act} WHERE id = ANY({sessions})
        ), revoked AS (
            UPDATE grants SET status = 'revoked' WHERE status = 'valid' AND subject = {subject} RETURNING 1
        ), dead AS (
            UPDATE issued_tokens SET status = 'revoked'
            WHERE status = 'valid' AND subject = {subject} AND (SELECT count(*) FROM revoked) >= 0
            RETURNING 1
        )
        SELECT ((SELECT count(*) FROM revoked) + (SELECT count(*) FROM dead))::int AS "Value"
        """);

    private static async Task<int> CountAsync(HubDb db, FormattableString sql) => (await db.Database.SqlQuery<int>(sql).ToListAsync())[0];
}
