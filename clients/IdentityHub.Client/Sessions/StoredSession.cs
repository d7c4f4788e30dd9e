namespace IdentityHub.Client.Sessions;

/// <summary>One signed-in browser at this application, as an <see cref="ISessionStore"/> keeps it.</summary>
public sealed record StoredSession
{
    /// <summary>
    /// SHA-256 of the cookie's random value, as 64 lower-case hexadecimal digits: who can read the store cannot sign in
    /// with it.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>The ID token's <c>iss</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>The ID token's <c>sub</c>.</summary>
    public required string Subject { get; init; }

    /// <summary>The ID token's <c>sid</c> (Back-Channel Logout 1.0 §2.1), or null when the provider sends none.</summary>
    public string? Sid { get; init; }

    /// <summary>The ID token's <c>iat</c>: a logout of the whole person covers sessions issued up to its own <c>iat</c>.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>From this instant on the session is gone, unless it was extended before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>No extension goes beyond this instant.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>The person's claims and tokens, encrypted with ASP.NET Core Data Protection. Opaque to the store.</summary>
    public required ReadOnlyMemory<byte> Ticket { get; init; }
}
