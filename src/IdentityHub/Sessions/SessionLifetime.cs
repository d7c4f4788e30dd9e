namespace IdentityHub.Sessions;

/// <summary>The instants at which a session dies of itself. Pure: takes values, returns values.</summary>
internal static class SessionLifetime
{
    /// <summary>The two ends of a session that begins, or is authenticated anew, at <paramref name="now"/>.</summary>
    public static (DateTimeOffset Expires, DateTimeOffset Absolute) From(DateTimeOffset now, TimeSpan idle, TimeSpan absolute)
    {
        var end = now + absolute;
        return (Earlier(now + idle, end), end);
    }

    /// <summary>Where use at <paramref name="now"/> moves the idle end: never beyond the absolute one.</summary>
    public static DateTimeOffset Slide(DateTimeOffset now, TimeSpan idle, DateTimeOffset absoluteEnd) => Earlier(now + idle, absoluteEnd);

    /// <summary>
    /// Whether a use is worth a write: a tenth of the idle time has passed since the last one that was recorded, so
    /// that a person who clicks often costs one update now and then and loses at most that tenth.
    /// </summary>
    public static bool WorthRecording(DateTimeOffset now, DateTimeOffset lastSeen, TimeSpan idle) => now - lastSeen >= idle / 10;

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
