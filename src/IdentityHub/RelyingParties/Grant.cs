using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityHub.RelyingParties;

/// <summary>
/// What one code exchange set in motion: the family of all tokens that descend from one code. Revoking it revokes
/// them; reuse of a rotated refresh token revokes it (RFC 9700 §4.14.2).
/// </summary>
internal sealed class Grant : OpenIddictEntityFrameworkCoreAuthorization<string, RelyingParty, IssuedToken>
{
    public string? ApplicationId { get; set; }

    /// <summary>The session it was made in; null for grants without a person.</summary>
    public Guid? SessionId { get; set; }

    /// <summary>
    /// True when the person consented to <c>offline_access</c>: its refresh tokens outlive a sign-out
    /// (Back-Channel Logout §2.7) but no security event.
    /// </summary>
    public bool Offline { get; set; }
}
