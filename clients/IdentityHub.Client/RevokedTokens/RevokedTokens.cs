using Microsoft.Extensions.Options;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// What is known of ended sessions and persons, and whether that is all there is to know. The JWT bearer scheme asks it
/// for every request; ask it yourself where tokens are checked in another way, or for a connection that stays open longer
/// than a request. Safe for concurrent use; looking up takes well under a microsecond and allocates nothing.
/// </summary>
public sealed class RevokedTokens
{
    // So long ago that every timestamp is further from it than any tolerance, and none so far that the difference overflows.
    private const long Never = long.MinValue / 2;

    // A validator lets a token live a little longer than it says: JWT bearer by 5 minutes, for clocks that differ.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(10);

    // Apart, because there are few persons: what is asked for at every request and seldom there stays in the processor's cache.
    private readonly EndedMarks _sessions;
    private readonly EndedMarks _persons;
    private readonly RevokedTokenCheckOptions _options;
    private readonly TimeProvider _time;
    private readonly TimeSpan _remembered;
    private readonly long _tolerance;
    private long _currentAt = Never;
    private long _overflowedAt;

    /// <summary>For the container: <see cref="RevokedTokenCheckSetup"/> registers it.</summary>
    /// <param name="options">The options, which have been checked.</param>
    /// <param name="time">The clock.</param>
    public RevokedTokens(IOptions<RevokedTokenCheckOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        (_options, _time) = (options.Value, time);
        _tolerance = (long)(_options.Tolerance.TotalSeconds * time.TimestampFrequency);
        _remembered = _options.AccessTokenLifetime + Margin;
        _sessions = new EndedMarks(_remembered, _options.MaxEntries, time);
        _persons = new EndedMarks(_remembered, _options.MaxEntries, time);
    }

    /// <summary>How many ended sessions and persons are remembered.</summary>
    public int Count => _sessions.Count + _persons.Count;

    /// <summary>Since when it is not known that nothing is missing; <see cref="TimeSpan.MaxValue"/> before the first word.</summary>
    public TimeSpan Behind => Volatile.Read(ref _currentAt) is var at and not Never ? _time.GetElapsedTime(at) : TimeSpan.MaxValue;

    /// <summary>Whether more than <see cref="RevokedTokenCheckOptions.MaxEntries"/> ended, so that some could not be remembered, and may not have expired yet.</summary>
    public bool Overflowed => Volatile.Read(ref _overflowedAt) is var at and not 0 && _time.GetElapsedTime(at) <= _remembered;

    /// <summary>Whether a token of these claims may be accepted.</summary>
    /// <param name="sid">The token's <c>sid</c>, or null.</param>
    /// <param name="sub">The token's <c>sub</c>, or null.</param>
    /// <param name="issuedAt">Its <c>iat</c>, in seconds since 1970.</param>
    /// <param name="expiresAt">Its <c>exp</c>, in seconds since 1970.</param>
    /// <returns>What becomes of the request.</returns>
    public RevokedTokenVerdict Judge(string? sid, string? sub, long issuedAt, long expiresAt)
    {
        if ((sid is not null && _sessions.Find(sid) > 0) || (sub is not null && _persons.Find(sub) is var until and > 0 && until >= issuedAt))
        {
            return RevokedTokenVerdict.Revoked;
        }

        if (expiresAt - issuedAt > _options.AccessTokenLifetime.TotalSeconds)
        {
            return RevokedTokenVerdict.LivesTooLong;
        }

        return _options.WhenBehind is WhenFeedIsBehind.Refuse && (_time.GetTimestamp() - Volatile.Read(ref _currentAt) > _tolerance || Overflowed)
            ? RevokedTokenVerdict.Unknown
            : RevokedTokenVerdict.Good;
    }

    /// <summary>Remembers that a session has ended: none of its tokens is accepted any more.</summary>
    /// <param name="sid">The session.</param>
    public void SessionEnded(string sid)
    {
        ArgumentNullException.ThrowIfNull(sid);
        Add(_sessions, sid, EndedMarks.Always);
    }

    /// <summary>
    /// Remembers that all tokens of a person that were issued up to an instant are worth nothing. <c>iat</c> has whole
    /// seconds, so one that was issued later in the same second is refused as well.
    /// </summary>
    /// <param name="sub">The person.</param>
    /// <param name="until">The instant.</param>
    public void PersonRevoked(string sub, DateTimeOffset until)
    {
        ArgumentNullException.ThrowIfNull(sub);
        Add(_persons, sub, (uint)Math.Clamp(until.ToUnixTimeSeconds(), 1, uint.MaxValue - 1));
    }

    /// <summary>Says that everything which ended up to now has been told.</summary>
    public void Current()
    {
        _sessions.Sweep();
        _persons.Sweep();
        Volatile.Write(ref _currentAt, _time.GetTimestamp());
    }

    private void Add(EndedMarks marks, string name, uint until)
    {
        if (!marks.Add(name, until))
        {
            // Until what could not be remembered has expired.
            Volatile.Write(ref _overflowedAt, _time.GetTimestamp());
        }
    }
}

/// <summary>What <see cref="RevokedTokens.Judge"/> says of a token.</summary>
public enum RevokedTokenVerdict
{
    /// <summary>Nothing is known against it.</summary>
    Good,

    /// <summary>Its session has ended, or all tokens of its person were revoked after it was issued.</summary>
    Revoked,

    /// <summary>The feed is behind, and whether it is good cannot be said.</summary>
    Unknown,

    /// <summary>It lives longer than <see cref="RevokedTokenCheckOptions.AccessTokenLifetime"/>, so the end of its session could have been forgotten.</summary>
    LivesTooLong,
}
