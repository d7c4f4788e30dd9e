using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Sessions;

/// <summary>
/// Asks, for every request that carries our cookie, whether its session is live. The answer comes from the row each
/// time (I4): a cache would be a window in which a copied cookie works after the end.
/// </summary>
internal sealed class SessionCheck(HubDb db, LiveSessionQuery query, SessionCookie cookie, TimeProvider time)
{
    public async Task<CurrentSession?> FindAsync(HttpContext context)
    {
        if (SessionCookie.Hash(cookie.Read(context.Request)) is not { } hash)
        {
            return null;
        }

        var session = await query.Find(db, hash, time.GetUtcNow());
        return session is null || Passive.Is(context) ? session : await RecordUseAsync(session);
    }

    private async Task<CurrentSession> RecordUseAsync(CurrentSession session)
    {
        var (now, idle) = (time.GetUtcNow(), session.Terms.Idle);
        if (!SessionLifetime.WorthRecording(now, session.LastSeenAt, idle))
        {
            return session;
        }

        // I2: the conditions stand in the statement, so that sliding never revives what ended in the meantime.
        var expires = SessionLifetime.Slide(now, idle, session.AbsoluteExpiresAt);
        await db.Live(now)
            .Where(s => s.Id == session.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now).SetProperty(x => x.ExpiresAt, expires));
        return session with { LastSeenAt = now, ExpiresAt = expires };
    }
}
