namespace IdentityHub.BackChannelLogout;

/// <summary>
/// One relying party to be told that one session ended. The row is the truth: it is made in the transaction that
/// ends the session, and a message about it is only a doorbell.
/// </summary>
internal sealed class LogoutDelivery
{
    public required Guid Id { get; init; }

    /// <summary>The act of revocation it belongs to.</summary>
    public required Guid RevocationId { get; init; }

    public required Guid SessionId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The <c>sid</c> and <c>sub</c> the relying party saw in its ID token.</summary>
    public required string Sid { get; init; }
    public required string Subject { get; init; }

    /// <summary>
    /// True where the person withdrew the application's access: its session ended and the hub's went on, so that it may be
    /// told again.
    /// </summary>
    public bool Withdrawal { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DeliveryState State { get; set; }

    /// <summary>When it is to be tried next; null when no attempt is owed any more.</summary>
    public required DateTimeOffset? NextAttemptAt { get; set; }

    /// <summary>
    /// When the application is rung once more although it has answered, null when it is not (I7): it got a code seconds
    /// before the end, and may have stored its session only after the first token had arrived.
    /// </summary>
    public DateTimeOffset? RingAgainAt { get; init; }

    /// <summary>After this instant no further attempt is made and the row says "unconfirmed".</summary>
    public required DateTimeOffset GiveUpAt { get; init; }

    public int Attempts { get; set; }

    /// <summary>A dispatcher holds the row until then; when it died, the row is free again.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    /// <summary>The last HTTP status, null when there was no answer.</summary>
    public int? LastStatus { get; set; }

    /// <summary>What happened last, in words for an administrator; at most 300 characters and nothing of the answer's body.</summary>
    public string? LastOutcome { get; set; }

    public DateTimeOffset? SettledAt { get; set; }

    /// <summary>W3C Trace Context of the act, so that one trace leads from the person's click to the application's answer; null without one.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>What is known about a delivery. Only <see cref="Confirmed"/> says that the application answered "done".</summary>
internal enum DeliveryState
{
    /// <summary>Not yet tried, or failed in a way that may pass: another attempt is due at <see cref="LogoutDelivery.NextAttemptAt"/>.</summary>
    Pending,

    /// <summary>Answered 200 or 204 (Back-Channel Logout §2.8).</summary>
    Confirmed,

    /// <summary>Answered that it refuses; not tried again.</summary>
    Rejected,

    /// <summary>Never answered until the horizon. Visible, counted, and can be rung again.</summary>
    Unconfirmed,
}
