namespace IdentityHub.BackChannelLogout;

/// <summary>What one attempt writes on its row. <see cref="Delivery"/> is the row as it was claimed.</summary>
internal sealed record Settlement(LogoutDelivery Delivery, DeliveryOutcome Outcome, DeliveryState State, int Attempts, DateTimeOffset NextAttemptAt, DateTimeOffset At)
{
    private const int MostWords = 300;

    public string Words => Outcome.Words.Length <= MostWords ? Outcome.Words : Outcome.Words[..MostWords];

    public bool Settled => State is not DeliveryState.Pending;

    public static Settlement Of(LogoutDelivery delivery, DeliveryOutcome outcome, DateTimeOffset now, double jitter)
    {
        var attempts = delivery.Attempts + 1;
        var (state, next) = RetryRule.After(outcome, attempts, now, delivery.GiveUpAt, jitter);
        return new Settlement(delivery, outcome, state, attempts, next, now);
    }

    /// <summary>The application is gone or has no receiver any more: there is nobody to tell, and nothing was tried.</summary>
    public static Settlement WithoutReceiver(LogoutDelivery delivery, DateTimeOffset now) => new(
        delivery,
        new DeliveryOutcome.Rejected(null, "not sent: the application is no longer registered or has no back-channel logout URI"),
        DeliveryState.Rejected,
        delivery.Attempts,
        now,
        now);
}
