using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityHub.RelyingParties;

/// <summary>One code, access, refresh or ID token that left the hub, and whether it is still good.</summary>
internal sealed class IssuedToken : OpenIddictEntityFrameworkCoreToken<string, RelyingParty, Grant>
{
    public string? ApplicationId { get; set; }
    public string? AuthorizationId { get; set; }

    /// <summary>The session it was issued in; null for tokens without a person.</summary>
    public Guid? SessionId { get; set; }
}
