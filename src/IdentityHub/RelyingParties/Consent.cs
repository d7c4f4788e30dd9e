namespace IdentityHub.RelyingParties;

/// <summary>What a person allowed an application, once and until withdrawn.</summary>
internal sealed class Consent
{
    public required Guid UserId { get; init; }
    public required string ClientId { get; init; }

    /// <summary>The scopes allowed, in ordinal order, separated by spaces.</summary>
    public required string Scopes { get; set; }

    public required DateTimeOffset GrantedAt { get; set; }

    /// <summary>When a code was last issued on the strength of it; null before the first.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    public bool Covers(IEnumerable<string> requested) => requested.All(Scopes.Split(' ').Contains);
}
