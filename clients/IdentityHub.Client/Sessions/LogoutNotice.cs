namespace IdentityHub.Client.Sessions;

/// <summary>What a valid logout token asks for (Back-Channel Logout 1.0 §2.4). At least one of sid and subject is set.</summary>
public sealed record LogoutNotice
{
    /// <summary>The token's <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>The token's <c>sub</c>, if any.</summary>
    public string? Subject { get; init; }

    /// <summary>The token's <c>sid</c>, if any.</summary>
    public string? Sid { get; init; }

    /// <summary>The token's <c>iat</c>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>The token's <c>jti</c>.</summary>
    public required string TokenId { get; init; }

    /// <summary>Until when the token could be accepted, clock skew included: the <c>jti</c> is remembered until then.</summary>
    public required DateTimeOffset TokenExpiresAt { get; init; }

    /// <summary>Until when a session that this notice covers is refused if it is stored late.</summary>
    public required DateTimeOffset RememberUntil { get; init; }
}
