using OpenIddict.EntityFrameworkCore.Models;

namespace IdentityHub.RelyingParties;

/// <summary>
/// An application that redirects to the hub for sign-in and must hear when a session is over. The engine's columns
/// (client id, secret, redirect URIs, permissions) are inherited; the members here are the logout metadata of
/// Back-Channel Logout §2.2 and what we know of the receiver.
/// </summary>
internal sealed class RelyingParty : OpenIddictEntityFrameworkCoreApplication<string, Grant, IssuedToken>
{
    public RelyingParty() => Id = Guid.CreateVersion7().ToString();

    /// <summary><c>backchannel_logout_uri</c>: absolute, without fragment; null when the application has no receiver.</summary>
    public string? BackChannelLogoutUri { get; set; }

    /// <summary><c>backchannel_logout_session_required</c>: the logout token must carry <c>sid</c>.</summary>
    public bool BackChannelLogoutSessionRequired { get; set; }

    /// <summary>How this receiver identifies what to end: real receivers disagree about one and the same token.</summary>
    public LogoutTokenSubject LogoutTokenSubject { get; set; }

    /// <summary><c>frontchannel_logout_uri</c> (Front-Channel Logout §2): loaded in the person's browser where the hub cannot call the application.</summary>
    public string? FrontChannelLogoutUri { get; set; }

    /// <summary><c>frontchannel_logout_session_required</c>.</summary>
    public bool FrontChannelLogoutSessionRequired { get; set; }

    /// <summary>How long it is tried when it does not answer, in whole seconds; null: as long as any other.</summary>
    public TimeSpan? GiveUpAfter { get; set; }

    /// <summary><c>id_token_signed_response_alg</c>, which signs its logout tokens too (Back-Channel Logout §2.4).</summary>
    public string IdTokenSignedResponseAlg { get; set; } = "RS256";

    /// <summary>The APIs its access tokens are for, besides the hub itself, separated by spaces (RFC 9068 §2.2).</summary>
    public string? Audiences { get; set; }

    /// <summary><c>default_max_age</c> (Dynamic Registration §2), in seconds: an authentication that is older is asked for again. Null: as old as the session.</summary>
    public int? DefaultMaxAge { get; set; }

    /// <summary>The page by which it is proved that a session dies there; null when none is registered.</summary>
    public string? TestUri { get; set; }

    /// <summary>The hash of the secret before this one, which is accepted until <see cref="PreviousSecretUntil"/>.</summary>
    public string? PreviousSecret { get; set; }

    public DateTimeOffset? PreviousSecretUntil { get; set; }

    /// <summary>From this instant on nobody is signed in there, and nothing is issued. Set together with the end of its sessions.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>True for a registration that configuration declares: a later start without it leaves it in place.</summary>
    public bool Declared { get; set; }
}

/// <summary>Which of <c>sid</c> and <c>sub</c> a logout token carries (Back-Channel Logout §2.4).</summary>
internal enum LogoutTokenSubject
{
    Sid,
    Sub,
    SidAndSub,
}
