using IdentityHub.Client.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.EntityFrameworkCore;

/// <summary>
/// Sessions in a database. Needs no transaction and no isolation level: a logout is one insert, and a session is live only
/// while its own row is there and no such insert covers it, decided in one statement. Whichever of the two is committed
/// first, the session is over when the logout is confirmed. Safe for concurrent use, also by many nodes.
/// </summary>
internal sealed class EntityFrameworkSessionStore<TContext>(
    IServiceScopeFactory scopes, IOptions<IdentityHubOptions> options, TimeProvider time) : ISessionStore
    where TContext : DbContext
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    // For nodes whose clocks differ: an end remembered too long is harmless, one forgotten too early is not.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(10);

    private long _nextSweep;

    public async ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        await SweepAsync(db, cancellationToken);

        // Committed before the look, so that a logout whose insert this look does not see yet finds the row afterwards.
        db.Add(SessionRow.Of(session));
        await db.SaveChangesAsync(cancellationToken);
        if (await Live(db).AnyAsync(s => s.Key == session.Key, cancellationToken))
        {
            return true;
        }

        await db.Set<SessionRow>().Where(s => s.Key == session.Key).ExecuteDeleteAsync(CancellationToken.None);
        return false;
    }

    public async ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var row = await Live(Db(scope)).AsNoTracking().SingleOrDefaultAsync(s => s.Key == key, cancellationToken);
        return row?.ToStored();
    }

    public async ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var until = expiresAt.UtcTicks;
        return await Live(Db(scope)).Where(s => s.Key == key)
            .ExecuteUpdateAsync(row => row.SetProperty(s => s.ExpiresAt, until), cancellationToken) == 1;
    }

    public async ValueTask EndAsync(string key, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await Db(scope).Set<SessionRow>().Where(s => s.Key == key).ExecuteDeleteAsync(cancellationToken);
    }

    public async ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        await using var scope = scopes.CreateAsyncScope();
        var db = Db(scope);
        var ended = EndedRow.Of(notice, KeepUntil(notice));
        if (await IsUsedAsync(db, ended, cancellationToken))
        {
            return LogoutOutcome.Replayed;
        }

        if (notice is { Sid: not null, Subject: { } subject })
        {
            var person = Mark.Of(notice.Issuer, subject);
            if (await db.Set<SessionRow>().AnyAsync(s => s.SidMark == ended.SidMark && s.SubjectMark != person, cancellationToken))
            {
                return LogoutOutcome.OtherSubject;
            }
        }

        db.Add(ended);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // The primary key lets one of several posts of the same token through, on whatever nodes they arrive.
            db.ChangeTracker.Clear();
            if (await IsUsedAsync(db, ended, cancellationToken))
            {
                return LogoutOutcome.Replayed;
            }

            throw;
        }

        // From the insert on they are over. Now their claims and tokens go too.
        await db.Set<SessionRow>()
            .Where(s => ended.SidMark != null ? s.SidMark == ended.SidMark : s.SubjectMark == ended.SubjectMark)
            .ExecuteDeleteAsync(cancellationToken);
        return LogoutOutcome.Ended;
    }

    private static TContext Db(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<TContext>();

    private static Task<bool> IsUsedAsync(TContext db, EndedRow ended, CancellationToken cancel) =>
        db.Set<EndedRow>().AnyAsync(e => e.TokenMark == ended.TokenMark, cancel);

    private IQueryable<SessionRow> Live(TContext db)
    {
        var now = time.GetUtcNow().UtcTicks;
        return db.Set<SessionRow>().Where(s => s.ExpiresAt > now
            && !db.Set<EndedRow>().Any(e => e.SidMark == s.SidMark && s.SidMark != null)
            // iat has whole seconds, so a session of the same second may be the older one: it counts as ended.
            && !db.Set<EndedRow>().Any(e => e.SubjectMark == s.SubjectMark && e.IssuedAt >= s.IssuedAt));
    }

    // Longer than any session it can cover: forgotten earlier, a session that was being stored while it was ended, and
    // whose row the delete did not see, would come back.
    private DateTimeOffset KeepUntil(LogoutNotice notice)
    {
        var lifetime = time.GetUtcNow() + options.Value.SessionLifetime;
        return (notice.RememberUntil > lifetime ? notice.RememberUntil : lifetime) + ClockDifference;
    }

    private async Task SweepAsync(TContext db, CancellationToken cancel)
    {
        var now = time.GetUtcNow().UtcTicks;
        var due = Volatile.Read(ref _nextSweep);
        if (now < due || Interlocked.CompareExchange(ref _nextSweep, now + SweepInterval.Ticks, due) != due)
        {
            return;
        }

        await db.Set<SessionRow>().Where(s => s.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
        await db.Set<EndedRow>().Where(e => e.KeepUntil <= now).ExecuteDeleteAsync(cancel);
    }
}
