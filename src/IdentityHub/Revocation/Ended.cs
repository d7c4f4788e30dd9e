namespace IdentityHub.Revocation;

/// <summary>What a revocation did.</summary>
/// <param name="RevocationId">The act; its deliveries say who has confirmed. Empty when nothing was done.</param>
/// <param name="Sessions">How many sessions ended.</param>
/// <param name="RelyingParties">How many deliveries were made: one per ended session and relying party with a receiver.</param>
internal sealed record Ended(Guid RevocationId, int Sessions, int RelyingParties)
{
    /// <summary>Nothing was live any more: ending is idempotent (RP-Initiated Logout §4).</summary>
    public static readonly Ended Nothing = new(Guid.Empty, 0, 0);
}

/// <summary>What one step of an act on many did.</summary>
internal sealed record EndedOfMany(int Sessions, int People, int Deliveries);
