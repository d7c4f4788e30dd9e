namespace IdentityHub.Client.Sessions;

/// <summary>
/// Sessions in this process's memory: for one node. They end with the process. Safe for concurrent use: every method is
/// one critical section, so a logout and a session being stored have an order, and in either order the session is over.
/// </summary>
/// <param name="time">The clock that expiry is measured with.</param>
public sealed class MemorySessionStore(TimeProvider time) : ISessionStore
{
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredSession> _sessions = [];
    private readonly SessionIndex _bySid = new();
    private readonly SessionIndex _bySubject = new();
    private readonly RecentEntries<DateTimeOffset> _endedSids = new();
    private readonly RecentEntries<DateTimeOffset> _endedSubjects = new();
    private readonly RecentEntries<bool> _usedTokens = new();
    private DateTimeOffset _nextSweep = DateTimeOffset.MinValue;

    /// <inheritdoc/>
    public ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        lock (_gate)
        {
            var now = time.GetUtcNow();
            Sweep(now);
            if (WasEnded(session, now))
            {
                return new(false);
            }

            _sessions.Add(session.Key, session);
            _bySid.Add(SidOf(session), session.Key);
            _bySubject.Add(SubjectOf(session), session.Key);
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return new(Live(key));
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (Live(key) is not { } session)
            {
                return new(false);
            }

            _sessions[key] = session with { ExpiresAt = expiresAt };
            return new(true);
        }
    }

    /// <inheritdoc/>
    public ValueTask EndAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            Remove(key);
            return ValueTask.CompletedTask;
        }
    }

    /// <inheritdoc/>
    public ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(notice);
        lock (_gate)
        {
            return new(End(notice, time.GetUtcNow()));
        }
    }

    private LogoutOutcome End(LogoutNotice notice, DateTimeOffset now)
    {
        var token = (notice.Issuer, notice.TokenId);
        if (_usedTokens.Has(token, now))
        {
            return LogoutOutcome.Replayed;
        }

        // Back-Channel Logout §2.7: with a sid, sub only confirms whose session it is; without one it means all of them.
        var named = notice.Sid is { } sid
            ? _bySid.Keys((notice.Issuer, sid))
            : _bySubject.Keys((notice.Issuer, notice.Subject!));

        if (notice is { Sid: not null, Subject: { } subject } && named.Any(key => _sessions[key].Subject != subject))
        {
            return LogoutOutcome.OtherSubject;
        }

        _usedTokens.Add(token, true, notice.TokenExpiresAt, now);
        if (notice.Sid is { } ended)
        {
            _endedSids.Add((notice.Issuer, ended), notice.IssuedAt, notice.RememberUntil, now);
        }
        else
        {
            RememberSubject((notice.Issuer, notice.Subject!), notice, now);
        }

        foreach (var key in named)
        {
            Remove(key);
        }

        return LogoutOutcome.Ended;
    }

    // Two notices about one person may arrive in either order; the later iat covers more and must win.
    private void RememberSubject((string, string) subject, LogoutNotice notice, DateTimeOffset now)
    {
        var known = _endedSubjects.Find(subject, now);
        _endedSubjects.Add(subject, known > notice.IssuedAt ? known : notice.IssuedAt, notice.RememberUntil, now);
    }

    private bool WasEnded(StoredSession session, DateTimeOffset now) =>
        (SidOf(session) is { } sid && _endedSids.Has(sid, now))
        // iat has whole seconds, so a session of the same second may be the older one: refuse it. The price is a person
        // who signs in again within that second signing in twice.
        || (_endedSubjects.Has(SubjectOf(session), now) && session.IssuedAt <= _endedSubjects.Find(SubjectOf(session), now));

    private StoredSession? Live(string key) =>
        _sessions.TryGetValue(key, out var session) && session.ExpiresAt > time.GetUtcNow() ? session : null;

    private void Remove(string key)
    {
        if (_sessions.Remove(key, out var session))
        {
            _bySid.Remove(SidOf(session), key);
            _bySubject.Remove(SubjectOf(session), key);
        }
    }

    private void Sweep(DateTimeOffset now)
    {
        if (now < _nextSweep)
        {
            return;
        }

        _nextSweep = now + SweepInterval;
        foreach (var session in _sessions.Values.Where(s => s.ExpiresAt <= now).ToList())
        {
            Remove(session.Key);
        }
    }

    private static (string, string)? SidOf(StoredSession session) =>
        session.Sid is { } sid ? (session.Issuer, sid) : null;

    private static (string, string) SubjectOf(StoredSession session) => (session.Issuer, session.Subject);
}
