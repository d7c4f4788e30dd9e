using System.Security.Claims;
using OpenIddict.Abstractions;

namespace IdentityHub.Protocol;

/// <summary>Claims that codes and refresh tokens carry for the hub itself; they have no destination and never leave it.</summary>
internal static class ProtocolClaims
{
    private const string Session = "hub_session";
    private const string Offline = "hub_offline";

    public static void SetSession(this ClaimsPrincipal principal, Guid session, bool offline)
    {
        principal.SetClaim(Session, session.ToString());
        principal.SetClaim(Offline, offline ? "1" : "0");
    }

    public static Guid? FindSession(this ClaimsPrincipal principal) => Guid.TryParse(principal.GetClaim(Session), out var session) ? session : null;

    /// <summary>Whether the grant outlives a sign-out (Back-Channel Logout §2.7).</summary>
    public static bool IsOffline(this ClaimsPrincipal principal) => principal.GetClaim(Offline) is "1";
}
