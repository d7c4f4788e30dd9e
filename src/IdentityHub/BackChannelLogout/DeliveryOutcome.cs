namespace IdentityHub.BackChannelLogout;

/// <summary>What one attempt came to. <see cref="Words"/> are for an administrator and hold nothing of the answer's body.</summary>
internal abstract record DeliveryOutcome(int? Status, string Words)
{
    /// <summary>The application answered that it has done it. It proves no more than that.</summary>
    public sealed record Confirmed(int Answered) : DeliveryOutcome(Answered, $"answered {Answered}");

    /// <summary>Final: it was refused, and asking again would be refused again.</summary>
    public sealed record Rejected(int? Answered, string Why) : DeliveryOutcome(Answered, Why);

    /// <summary>May pass: to be tried again, not before <see cref="After"/> where the application said so.</summary>
    public sealed record Retry(int? Answered, string Why, TimeSpan? After = null) : DeliveryOutcome(Answered, Why);

    /// <summary>Nothing is known: this node stopped before the answer, and another one asks again at once.</summary>
    public sealed record GivenBack() : DeliveryOutcome(null, "not waited for: the node was stopped");

    /// <summary>
    /// Back-Channel Logout §2.8: 200 is success, and 204, which frameworks make of it; 400 is a refusal. §2.5: what looks
    /// like it may pass is tried again with a delay, anything else should not be.
    /// </summary>
    public static DeliveryOutcome OfStatus(int status, TimeSpan? retryAfter = null) => status switch
    {
        200 or 204 => new Confirmed(status),
        // RFC 9110 §15.5.9, RFC 8470 §5.2, RFC 6585 §4: the request was not looked at; ask again later.
        408 or 425 or 429 => new Retry(status, $"answered {status}", retryAfter),
        >= 500 => new Retry(status, $"answered {status}", retryAfter),
        >= 400 => new Rejected(status, $"answered {status}: refused"),
        // Never followed: the token is for the registered address alone, and the new one has passed no check.
        >= 300 => new Rejected(status, $"answered {status}: redirects are not followed"),
        _ => new Rejected(status, $"answered {status}: only 200 and 204 say that the session has ended"),
    };
}
