using IdentityHub.Users;

namespace IdentityHub.Sessions;

/// <summary>
/// One sign-in of one person in one browser: the row every refusal looks at. A session is live while
/// <see cref="EndedAt"/> is null and <see cref="ExpiresAt"/> lies ahead; ended is terminal.
/// </summary>
internal sealed class UserSession
{
    /// <summary>Identifier for joins and locks. Not a secret and never shown to a relying party.</summary>
    public required Guid Id { get; init; }

    /// <summary>The <c>sid</c> of ID and logout tokens (Back-Channel Logout §2.1): random, and never the cookie's value.</summary>
    public required string Sid { get; init; }

    /// <summary>SHA-256 of the cookie's value; the value itself is known to the browser alone (ASVS 7.2.3).</summary>
    public required byte[] CookieHash { get; set; }

    public required Guid UserId { get; init; }
    public User? User { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The <c>auth_time</c>: when the person last proved who they are in this session.</summary>
    public required DateTimeOffset AuthenticatedAt { get; set; }

    /// <summary>The <c>amr</c> values (RFC 8176) of that proof, separated by spaces.</summary>
    public required string Amr { get; set; }

    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the session dies if nobody uses it: slides with use, never beyond <see cref="AbsoluteExpiresAt"/>.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }

    /// <summary>When the session dies however much it is used (ASVS 7.3.2).</summary>
    public required DateTimeOffset AbsoluteExpiresAt { get; set; }

    /// <summary>The terms it began with: how far use moves <see cref="ExpiresAt"/>, and how long after a proof it dies for good. Whole seconds.</summary>
    public required TimeSpan IdleTimeout { get; set; }

    public required TimeSpan AbsoluteTimeout { get; set; }

    /// <summary>The person chose to stay signed in on this device.</summary>
    public required bool Remembered { get; set; }

    /// <summary>The browser's own description, cut to 400 characters; shown encoded, never trusted.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Browser and system in the words of <see cref="ClientHints"/>, where the browser sent any.</summary>
    public string? Device { get; init; }

    public string? IpAddress { get; init; }

    /// <summary>Written once, by the revoker alone.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>The act that ended the session.</summary>
    public Guid? RevocationId { get; private set; }
}
