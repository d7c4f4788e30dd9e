using IdentityHub.Data;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Sessions;

/// <summary>
/// Opens a session after a person has proved who they are, and renews the proof in one that is open. Every
/// authentication issues a new cookie value; the one before it is dead from the commit on (ASVS 7.2.4).
/// </summary>
internal sealed class SessionOpener(HubDb db, SessionCookie cookie, TimeProvider time)
{
    /// <summary>
    /// Opens a session for the person as they were when the proof was checked. Null when the account has changed since
    /// (its security stamp differs, or it was disabled): a sign-in that raced a password change must not outlive it.
    /// </summary>
    public Task<UserSession?> OpenAsync(HttpContext context, User user, string amr, SessionTerms terms) => db.InTransactionAsync(async () =>
    {
        if (!await LockUnchangedAsync(user))
        {
            return null;
        }

        var now = time.GetUtcNow();
        var value = SessionCookie.NewValue();
        var session = New(user, amr, terms, value, now, context);
        db.Add(session);
        await db.SaveChangesAsync();
        Write(context, value, terms, session.AbsoluteExpiresAt);
        return session;
    });

    /// <summary>
    /// Opens a session in which nobody proved anything, for <see cref="User.Synthetic"/> alone: by it the hub proves that
    /// sessions die. Its cookie is for the hub itself and never leaves it.
    /// </summary>
    /// <param name="user">The synthetic person.</param>
    /// <param name="life">When the session dies by itself, should nobody end it.</param>
    /// <exception cref="ArgumentException">It is anybody else.</exception>
    public async Task<(UserSession Session, string Cookie)> OpenSyntheticAsync(User user, TimeSpan life)
    {
        if (!user.Synthetic)
        {
            throw new ArgumentException("A session without a proof is for nobody.", nameof(user));
        }

        var (now, value) = (time.GetUtcNow(), SessionCookie.NewValue());
        var session = New(user, "pwd", new SessionTerms(life, life, Remembered: false), value, now);
        db.Add(session);
        await db.SaveChangesAsync();
        return (session, value);
    }

    /// <summary>
    /// The person of an open session has authenticated again: a new cookie value, a new <c>auth_time</c>, the same
    /// <c>sid</c>, the same terms unless the person chose others. False when the session ended meanwhile or the account
    /// changed; nothing is written then.
    /// </summary>
    public Task<bool> RenewAsync(HttpContext context, CurrentSession session, User user, string amr, SessionTerms? terms = null) => db.InTransactionAsync(async () =>
    {
        if (!await LockUnchangedAsync(user))
        {
            return false;
        }

        var (now, kept) = (time.GetUtcNow(), terms ?? session.Terms);
        var value = SessionCookie.NewValue();
        var hash = SessionCookie.Hash(value)!;
        var (expires, absolute) = SessionLifetime.From(now, kept);
        var renewed = await db.Live(now)
            .Where(s => s.Id == session.Id && s.UserId == user.Id)
            .ExecuteUpdateAsync(s => s
                .SetProperty(x => x.CookieHash, hash)
                .SetProperty(x => x.AuthenticatedAt, now)
                .SetProperty(x => x.Amr, amr)
                .SetProperty(x => x.LastSeenAt, now)
                .SetProperty(x => x.ExpiresAt, expires)
                .SetProperty(x => x.AbsoluteExpiresAt, absolute)
                .SetProperty(x => x.IdleTimeout, kept.Idle)
                .SetProperty(x => x.AbsoluteTimeout, kept.Absolute)
                .SetProperty(x => x.Remembered, kept.Remembered));
        if (renewed == 1)
        {
            Write(context, value, kept, absolute);
        }

        return renewed == 1;
    });

    /// <summary>
    /// The account of an open session has changed in this session: a new cookie value, because the old one may have been
    /// copied before; <c>auth_time</c> and the two ends of the session stay, because nobody authenticated. False when the
    /// session ended meanwhile or the account is another than <paramref name="user"/>; nothing is written then.
    /// </summary>
    /// <param name="context">The request; its answer gets the new cookie.</param>
    /// <param name="session">The session.</param>
    /// <param name="user">The person as they were when the change was allowed.</param>
    /// <param name="amr">What the person has proved in this session, with what the change proved.</param>
    public Task<bool> RotateAsync(HttpContext context, CurrentSession session, User user, string amr) => db.InTransactionAsync(async () =>
    {
        if (!await LockUnchangedAsync(user))
        {
            return false;
        }

        var (now, value) = (time.GetUtcNow(), SessionCookie.NewValue());
        var hash = SessionCookie.Hash(value)!;
        var rotated = await db.Live(now)
            .Where(s => s.Id == session.Id && s.UserId == user.Id)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.CookieHash, hash).SetProperty(x => x.Amr, amr));
        if (rotated == 1)
        {
            Write(context, value, session.Terms, session.AbsoluteExpiresAt);
        }

        return rotated == 1;
    });

    private static UserSession New(User user, string amr, SessionTerms terms, string value, DateTimeOffset now, HttpContext? context = null)
    {
        var (expires, absolute) = SessionLifetime.From(now, terms);
        return new UserSession
        {
            Id = Guid.CreateVersion7(now),
            Sid = SessionCookie.NewSid(),
            CookieHash = SessionCookie.Hash(value)!,
            UserId = user.Id,
            CreatedAt = now,
            AuthenticatedAt = now,
            Amr = amr,
            LastSeenAt = now,
            ExpiresAt = expires,
            AbsoluteExpiresAt = absolute,
            IdleTimeout = terms.Idle,
            AbsoluteTimeout = terms.Absolute,
            Remembered = terms.Remembered,
            UserAgent = Cut(context?.Request.Headers.UserAgent.ToString() ?? "", 400),
            Device = context is null ? null : ClientHints.Describe(context.Request.Headers),
            IpAddress = context?.Connection.RemoteIpAddress?.ToString(),
        };
    }

    // The share lock makes a change of the account wait for the row we are about to insert, or us for the change: in
    // either order the revoker sees our session or we see the change.
    private async Task<bool> LockUnchangedAsync(User user)
    {
        var now = await db.Lock<User>(RowLock.Share, "id = {0}", user.Id)
            .Select(u => new { u.SecurityStamp, u.DisabledAt })
            .SingleOrDefaultAsync();
        return now is not null && now.SecurityStamp == user.SecurityStamp && now.DisabledAt is null;
    }

    // A cookie that survives the browser is what the person asked for, and no other does (NIST SP 800-63B-4 §5.1.1).
    // Handed out after the commit: of what is taken back the browser would hold a dead value, and have lost the good one.
    private void Write(HttpContext context, string value, SessionTerms terms, DateTimeOffset end) =>
        db.AfterCommit(() => cookie.Write(context.Response, value, terms.Remembered ? end : null));

    private static string? Cut(string text, int length) => text.Length == 0 ? null : text.Length <= length ? text : text[..length];
}
