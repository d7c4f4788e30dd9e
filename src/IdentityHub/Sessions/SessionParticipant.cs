namespace IdentityHub.Sessions;

/// <summary>
/// A relying party that was given a code in a session, and must therefore be told when it ends (I3). Written in the
/// statement that records the code, before the code leaves the hub, so that no order of requests can lose it.
/// </summary>
internal sealed class SessionParticipant
{
    public required Guid SessionId { get; init; }
    public required string ClientId { get; init; }
    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>The latest instant a code left the hub for this relying party: the beginning of the window of I7.</summary>
    public required DateTimeOffset LastCodeAt { get; set; }
}
