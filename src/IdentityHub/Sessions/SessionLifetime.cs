namespace IdentityHub.Sessions;

/// <summary>The instants at which a session dies of itself. Pure: takes values, returns values.</summary>
internal static class SessionLifetime
{
    // "Last seen" is read by people, who want it finer than a tenth of two weeks.
    private static readonly TimeSpan Coarsest = TimeSpan.FromHours(1);

    /// <summary>The two ends of a session that begins, or is authenticated anew, at <paramref name="now"/>.</summary>
    public static (DateTimeOffset Expires, DateTimeOffset Absolute) From(DateTimeOffset now, SessionTerms terms)
    {
        var end = now + terms.Absolute;
        return (Earlier(now + terms.Idle, end), end);
    }

    /// <summary>Where use at <paramref name="now"/> moves the idle end: never beyond the absolute one.</summary>
    public static DateTimeOffset Slide(DateTimeOffset now, TimeSpan idle, DateTimeOffset absoluteEnd) => Earlier(now + idle, absoluteEnd);

    /// <summary>
    /// Whether a use is worth a write: a tenth of the idle time has passed since the last one that was recorded, or an
    /// hour, so that a person who clicks often costs one update now and then and loses at most that tenth.
    /// </summary>
    public static bool WorthRecording(DateTimeOffset now, DateTimeOffset lastSeen, TimeSpan idle) => now - lastSeen >= (idle / 10 < Coarsest ? idle / 10 : Coarsest);

    private static DateTimeOffset Earlier(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;
}
