using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Sessions;

/// <summary>
/// Asks, for every request that carries our cookie, whether its session is live. The answer comes from the row each
/// time (I4): a cache would be a window in which a copied cookie works after the end.
/// </summary>
internal sealed class SessionCheck(HubDb db, LiveSessionQuery query, SessionCookie cookie, IOptions<SessionOptions> options, TimeProvider time)
{
    public async Task<CurrentSession?> FindAsync(HttpContext context)
    {
        if (SessionCookie.Hash(cookie.Read(context.Request)) is not { } hash)
        {
            return null;
        }

        var session = await query.Find(db, hash, time.GetUtcNow());
        if (session is not null)
        {
            await RecordUseAsync(session);
        }

        return session;
    }

    private async Task RecordUseAsync(CurrentSession session)
    {
        var (now, idle) = (time.GetUtcNow(), options.Value.IdleTimeout);
        if (!SessionLifetime.WorthRecording(now, session.LastSeenAt, idle))
        {
            return;
        }

        // I2: the conditions stand in the statement, so that sliding never revives what ended in the meantime.
        var expires = SessionLifetime.Slide(now, idle, session.AbsoluteExpiresAt);
        await db.Set<UserSession>()
            .Where(s => s.Id == session.Id && s.EndedAt == null && s.ExpiresAt > now)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now).SetProperty(x => x.ExpiresAt, expires));
    }
}
