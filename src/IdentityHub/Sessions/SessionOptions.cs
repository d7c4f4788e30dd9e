namespace IdentityHub.Sessions;

/// <summary>How long sessions live. Section <c>Sessions</c>.</summary>
internal sealed class SessionOptions
{
    /// <summary>A session nobody uses for this long ends (ASVS 7.3.1). Between 1 minute and 30 days; default 1 hour (NIST SP 800-63B-4 §2.2.3).</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A session ends this long after sign-in, however much it is used (ASVS 7.3.2). Between 1 minute and 30 days; default 24 hours.</summary>
    public TimeSpan AbsoluteTimeout { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long the row of an ended session is kept, for the lists of what ended. Between 1 hour and 10 years; default 90 days.</summary>
    public TimeSpan KeepEnded { get; set; } = TimeSpan.FromDays(90);

    internal string? Refusal()
    {
        if (IdleTimeout < TimeSpan.FromMinutes(1) || IdleTimeout > TimeSpan.FromDays(30))
        {
            return $"Sessions:IdleTimeout is {IdleTimeout}; it must be between 00:01:00 and 30.00:00:00.";
        }

        if (AbsoluteTimeout < TimeSpan.FromMinutes(1) || AbsoluteTimeout > TimeSpan.FromDays(30))
        {
            return $"Sessions:AbsoluteTimeout is {AbsoluteTimeout}; it must be between 00:01:00 and 30.00:00:00.";
        }

        return KeepEnded < TimeSpan.FromHours(1) || KeepEnded > TimeSpan.FromDays(3650)
            ? $"Sessions:KeepEnded is {KeepEnded}; it must be between 01:00:00 and 3650.00:00:00."
            : null;
    }
}
