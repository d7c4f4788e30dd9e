namespace IdentityHub.Mail;

/// <summary>What became of handing a mail on.</summary>
internal abstract record MailOutcome
{
    private MailOutcome()
    {
    }

    public sealed record Sent : MailOutcome;

    /// <summary>Will not be taken, now or later.</summary>
    /// <param name="Why">For operators; nothing of the address or of what the server wrote, which may repeat it.</param>
    public sealed record Refused(string Why) : MailOutcome;

    /// <summary>Not taken now; may be later.</summary>
    /// <param name="Why">As above.</param>
    public sealed record Retry(string Why) : MailOutcome;
}

/// <summary>What follows from an outcome, and when a mail is tried again. Pure: the caller brings the time and the dice.</summary>
internal static class MailRetryRule
{
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <param name="outcome">What the attempt came to.</param>
    /// <param name="attempts">How many there were, this one included.</param>
    /// <param name="now">The time after the attempt.</param>
    /// <param name="giveUpAt">The last attempt is made before it, none after.</param>
    /// <param name="jitter">At least 0 and less than 1.</param>
    public static (MailState State, DateTimeOffset NextAttemptAt) After(MailOutcome outcome, int attempts, DateTimeOffset now, DateTimeOffset giveUpAt, double jitter)
    {
        switch (outcome)
        {
            case MailOutcome.Sent:
                return (MailState.Sent, now);
            case MailOutcome.Refused:
                return (MailState.Refused, now);
            default:
                // Half of it is diced: mails that failed together do not all come back in one instant.
                var span = Shortest * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
                var next = now + ((span < Longest ? span : Longest) * (0.5 + (jitter / 2)));
                return next < giveUpAt ? (MailState.Pending, next) : (MailState.GivenUp, now);
        }
    }
}
