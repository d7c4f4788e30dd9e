using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.EndToEnd.Races;

/// <summary>What can change of a session's row. Once it has ended, nothing of it may (I2).</summary>
internal sealed record SessionRow(string CookieHash, DateTimeOffset AuthenticatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, DateTimeOffset? EndedAt, Guid? RevocationId)
{
    public static async Task<SessionRow> OfAsync(HubDb db, Guid id)
    {
        var row = await db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.Id == id);
        return new SessionRow(Convert.ToHexString(row.CookieHash), row.AuthenticatedAt, row.LastSeenAt, row.ExpiresAt, row.EndedAt, row.RevocationId);
    }
}
