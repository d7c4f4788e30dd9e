namespace IdentityHub.BackChannelLogout;

/// <summary>What one attempt writes on its row. <see cref="Delivery"/> is the row as it was claimed.</summary>
internal sealed record Settlement(LogoutDelivery Delivery, DeliveryOutcome Outcome, DeliveryState State, int Attempts, DateTimeOffset? NextAttemptAt, DateTimeOffset At)
{
    private const int MostWords = 300;
    private const string Again = "; rung again: ";

    /// <summary>Whether this is about the second ring (I7): what the first one came to stands.</summary>
    public bool RungAgain => Delivery.State is not DeliveryState.Pending;

    /// <summary>Whether something is known now that was not: each delivery is counted and audited once, the second ring only where it turned a no into a yes.</summary>
    public bool Concluded => State is not DeliveryState.Pending && State != Delivery.State;

    public DateTimeOffset? SettledAt => Concluded ? At : Delivery.SettledAt;

    public string Words
    {
        get
        {
            var words = RungAgain ? Delivery.LastOutcome!.Split(Again)[0] + Again + Outcome.Words : Outcome.Words;
            return words.Length <= MostWords ? words : words[..MostWords];
        }
    }

    public static Settlement Of(LogoutDelivery delivery, DeliveryOutcome outcome, DateTimeOffset now, double jitter)
    {
        var attempts = delivery.Attempts + 1;
        var (state, next) = RetryRule.After(outcome, attempts, now, delivery.GiveUpAt, jitter);
        if (delivery.State is not DeliveryState.Pending)
        {
            // The second ring can only add a yes: an application that has ended its session at the first may well say
            // that it knows none at the second.
            state = state is DeliveryState.Confirmed ? state : delivery.State;
        }
        else if (state is DeliveryState.Confirmed or DeliveryState.Rejected && delivery.RingAgainAt > now)
        {
            // A refusal as well: it may have meant that there is no such session, and a moment later there was one.
            next = delivery.RingAgainAt;
        }

        return new Settlement(delivery, outcome, state, attempts, next, now);
    }

    /// <summary>The application is gone or has no receiver any more: there is nobody to tell, and nothing was tried.</summary>
    public static Settlement WithoutReceiver(LogoutDelivery delivery, DateTimeOffset now) => new(
        delivery,
        new DeliveryOutcome.Rejected(null, "not sent: the application is no longer registered or has no back-channel logout URI"),
        delivery.State is DeliveryState.Pending ? DeliveryState.Rejected : delivery.State,
        delivery.Attempts,
        null,
        now);

    /// <summary>The horizon has passed while nobody was let through to the application: no last attempt is made.</summary>
    public static Settlement GivenUp(LogoutDelivery delivery, DateTimeOffset now) => new(
        delivery,
        new DeliveryOutcome.Retry(delivery.LastStatus, "given up without a last attempt: the application answers none"),
        delivery.State is DeliveryState.Pending ? DeliveryState.Unconfirmed : delivery.State,
        delivery.Attempts,
        null,
        now);
}
