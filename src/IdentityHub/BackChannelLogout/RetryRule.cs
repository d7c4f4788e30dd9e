namespace IdentityHub.BackChannelLogout;

/// <summary>What follows from an outcome, and when a delivery is tried again. Pure: the caller brings the time and the dice.</summary>
internal static class RetryRule
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    /// <summary>An application may ask for more patience than we have by ourselves, but not for ever.</summary>
    public static readonly TimeSpan LongestAsked = TimeSpan.FromHours(1);

    /// <param name="outcome">What the attempt came to.</param>
    /// <param name="attempts">How many there were, this one included.</param>
    /// <param name="now">The time after the attempt.</param>
    /// <param name="giveUpAt">The horizon: the last attempt is made there, none after.</param>
    /// <param name="jitter">At least 0 and less than 1.</param>
    /// <returns>What is known then, and when it is tried next: null when it is over.</returns>
    public static (DeliveryState State, DateTimeOffset? NextAttemptAt) After(
        DeliveryOutcome outcome, int attempts, DateTimeOffset now, DateTimeOffset giveUpAt, double jitter)
    {
        switch (outcome)
        {
            case DeliveryOutcome.Confirmed:
                return (DeliveryState.Confirmed, null);
            case DeliveryOutcome.Rejected:
                return (DeliveryState.Rejected, null);
            case DeliveryOutcome.GivenBack:
                return (DeliveryState.Pending, now);
            case DeliveryOutcome.Retry when now >= giveUpAt:
                return (DeliveryState.Unconfirmed, null);
            default:
                var next = now + Delay(attempts, jitter, (outcome as DeliveryOutcome.Retry)?.After);
                return (DeliveryState.Pending, next < giveUpAt ? next : giveUpAt);
        }
    }

    // Full jitter: the whole span is diced, so that a thousand deliveries that failed together do not come back together.
    private static TimeSpan Delay(int attempts, double jitter, TimeSpan? asked)
    {
        var span = Shortest * Math.Pow(2, Math.Clamp(attempts - 1, 0, 30));
        var delay = (span < Longest ? span : Longest) * jitter;
        var least = asked is not { } wish ? TimeSpan.Zero : wish < LongestAsked ? wish : LongestAsked;
        return delay > least ? delay : least;
    }
}
