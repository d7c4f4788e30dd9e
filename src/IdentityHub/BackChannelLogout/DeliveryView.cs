namespace IdentityHub.BackChannelLogout;

/// <summary>One delivery as a page shows it.</summary>
/// <param name="ClientId">The relying party.</param>
/// <param name="DisplayName">Its name; the client id when it has none or is no longer registered.</param>
/// <param name="State">What is known.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="LastOutcome">What the last attempt came to; null before the first.</param>
/// <param name="NextAttemptAt">When it is tried next; null when it is over.</param>
internal sealed record DeliveryView(string ClientId, string DisplayName, DeliveryState State, int Attempts, string? LastOutcome, DateTimeOffset? NextAttemptAt);
