using Microsoft.AspNetCore.Http;

namespace IdentityHub.Client;

/// <summary>
/// How this application (the relying party) signs people in at an OpenID provider, keeps their sessions and lets the
/// provider end them. Checked when the application starts: a wrong value stops the start with a message that names the
/// setting and the fix.
/// </summary>
public sealed class IdentityHubOptions
{
    /// <summary>
    /// The provider's issuer, for example <c>https://id.example.com</c>. Must be https; http is accepted only for a
    /// loopback host. The metadata found there must name the same issuer (OpenID Connect Discovery 1.0 §4.3).
    /// </summary>
    public string Authority { get; set; } = "";

    /// <summary>The <c>client_id</c> the provider registered for this application.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The client's secret, or null for a public client, which is protected by PKCE alone.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// Name of the session cookie; on https it is sent as <c>__Host-</c> plus this name. Cookies do not know ports and a
    /// <c>__Host-</c> cookie has no path, so every application on one host needs a name of its own. Default <c>session</c>.
    /// </summary>
    public string CookieName { get; set; } = "session";

    /// <summary>
    /// The scopes to ask for; <c>openid</c> must be among them. Default <c>openid profile email</c>. A refresh token
    /// granted with <c>offline_access</c> is kept in the session and discarded with it.
    /// </summary>
    public IList<string> Scopes { get; } = ["openid", "profile", "email"];

    /// <summary>
    /// The one algorithm accepted on ID tokens and logout tokens: what the provider has registered as the client's
    /// <c>id_token_signed_response_alg</c> (Back-Channel Logout 1.0 §2.6). Default <c>RS256</c>; asymmetric algorithms only.
    /// </summary>
    public string SigningAlgorithm { get; set; } = "RS256";

    /// <summary>
    /// Whether a logout token must carry <c>typ: logout+jwt</c> (Back-Channel Logout 1.0 §2.4). Default true; turn it off
    /// for a provider that sends none or <c>JWT</c>. Any other type stays refused.
    /// </summary>
    public bool RequireLogoutTokenType { get; set; } = true;

    /// <summary>How far the provider's clock may differ from ours. Between 0 and 5 minutes, default 30 seconds.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A session unused for this long ends. Between 1 minute and <see cref="SessionLifetime"/>, default 1 hour.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>A session ends this long after sign-in, used or not. Between 1 minute and 30 days, default 12 hours.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>
    /// How long an ended session is remembered, so that a sign-in which was still redeeming its code when the logout
    /// token arrived is refused. Between 1 minute and 1 day, default 10 minutes: longer than an authorization code and
    /// its redemption can take.
    /// </summary>
    public TimeSpan RememberEnded { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Where <c>GET</c> starts a sign-in; takes a local <c>returnUrl</c>. Default <c>/sign-in</c>.</summary>
    public PathString SignInPath { get; set; } = "/sign-in";

    /// <summary>
    /// Where a same-origin <c>POST</c> signs the person out here and at the provider, which tells every other application.
    /// A link there (<c>GET</c>) shows a page with the button. Default <c>/sign-out</c>.
    /// </summary>
    public PathString SignOutPath { get; set; } = "/sign-out";

    /// <summary>
    /// The page that says "you were signed out", shown to a person whose session was ended while signing in. Default
    /// <c>/signed-out</c>.
    /// </summary>
    public PathString SignedOutPath { get; set; } = "/signed-out";

    /// <summary>
    /// The receiver of logout tokens: register it as the client's <c>backchannel_logout_uri</c> (Back-Channel Logout 1.0
    /// §2.2). Default <c>/backchannel-logout</c>.
    /// </summary>
    public PathString BackChannelLogoutPath { get; set; } = "/backchannel-logout";

    /// <summary>
    /// The address for the provider's invisible frames: register it as the client's <c>frontchannel_logout_uri</c>, with
    /// <c>frontchannel_logout_session_required</c> (Front-Channel Logout 1.0 §2), where the provider has no back channel.
    /// It works only while provider and application share a site, such as <c>example.com</c>. Default
    /// <c>/frontchannel-logout</c>.
    /// </summary>
    public PathString FrontChannelLogoutPath { get; set; } = "/frontchannel-logout";

    /// <summary>The path of the client's registered <c>redirect_uri</c>. Default <c>/signin-oidc</c>.</summary>
    public PathString CallbackPath { get; set; } = "/signin-oidc";

    /// <summary>
    /// The path of the client's registered <c>post_logout_redirect_uri</c> (RP-Initiated Logout 1.0 §3). Default
    /// <c>/signout-callback-oidc</c>.
    /// </summary>
    public PathString SignedOutCallbackPath { get; set; } = "/signout-callback-oidc";

    /// <summary>Where the browser ends up after signing out: a local path. Default <c>/</c>.</summary>
    public PathString AfterSignOutPath { get; set; } = "/";
}
