namespace IdentityHub.RelyingParties;

/// <summary>
/// A relying party as configuration, the command line or an administrator describes it; the names are those of the
/// OpenID Connect client metadata.
/// </summary>
internal sealed class Registration
{
    public string ClientId { get; set; } = "";

    /// <summary>Null for a public client. From 32 characters on it counts as random and is stored as SHA-256; a shorter one costs a password hash.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>Shown to people on consent and sign-out; the client id when empty.</summary>
    public string? DisplayName { get; set; }

    /// <summary>Compared by exact string (RFC 9700 §2.1).</summary>
    public IList<string> RedirectUris { get; } = [];

    public IList<string> PostLogoutRedirectUris { get; } = [];
    public string? BackChannelLogoutUri { get; set; }
    public bool BackChannelLogoutSessionRequired { get; set; }

    /// <summary><c>frontchannel_logout_uri</c>: for an application that cannot be called; of the origin of a redirect URI.</summary>
    public string? FrontChannelLogoutUri { get; set; }

    /// <summary><c>frontchannel_logout_session_required</c>: it wants <c>iss</c> and <c>sid</c>, which it gets in any case.</summary>
    public bool FrontChannelLogoutSessionRequired { get; set; }

    /// <summary>How long the application is tried when it does not answer; <c>BackChannelLogout:GiveUpAfter</c> when null. Between 1 minute and 30 days.</summary>
    public TimeSpan? GiveUpAfter { get; set; }

    /// <summary>
    /// A page of the application that sends whoever is not signed in to the hub, and shows something to whoever is. The hub
    /// opens it to prove that a session dies there; null where nothing can be proved.
    /// </summary>
    public string? TestUri { get; set; }

    /// <summary>
    /// <c>id_token_encrypted_response_alg</c> and <c>…_enc</c>, which would encrypt logout tokens too (Back-Channel Logout
    /// §2.4). Not offered: here to be refused by name.
    /// </summary>
    public string? IdTokenEncryptedResponseAlg { get; set; }
    public string? IdTokenEncryptedResponseEnc { get; set; }

    /// <summary><c>Sid</c> (default), <c>Sub</c> or <c>SidAndSub</c>: how the receiver wants to be told.</summary>
    public string? LogoutTokenSubject { get; set; }

    /// <summary><c>RS256</c> (default) or <c>ES256</c>, for ID and logout tokens.</summary>
    public string? IdTokenSignedResponseAlg { get; set; }

    /// <summary><c>default_max_age</c> (Dynamic Registration §2): how old the person's authentication may be here. Whole seconds, between 1 minute and 30 days. Default: as old as the session.</summary>
    public TimeSpan? DefaultMaxAge { get; set; }

    /// <summary>PKCE with S256 (RFC 7636). Always required of a public client. Default: true.</summary>
    public bool RequirePkce { get; set; } = true;

    /// <summary>Ask the person before the first tokens. Default: false, for applications of the same house.</summary>
    public bool RequireConsent { get; set; }

    /// <summary>Scopes it may ask for besides <c>openid</c>. Default: profile, email.</summary>
    public IList<string> Scopes { get; } = [];

    /// <summary>
    /// The APIs its access tokens are for, besides the hub itself: the <c>aud</c> they look for (RFC 9068 §2.2). At most 8.
    /// Default: none.
    /// </summary>
    public IList<string> Audiences { get; } = [];

    /// <summary><c>authorization_code</c>, <c>refresh_token</c>, <c>client_credentials</c>. Default: the first two.</summary>
    public IList<string> GrantTypes { get; } = [];

    /// <summary>The application has a secret already, which stays: not a member of its own.</summary>
    internal bool KeepsSecret { get; set; }

    internal bool IsConfidential => KeepsSecret || !string.IsNullOrEmpty(ClientSecret);

    public IReadOnlyList<string> EffectiveScopes => Scopes.Count > 0 ? [.. Scopes] : ["profile", "email"];

    public IReadOnlyList<string> EffectiveGrantTypes => GrantTypes.Count > 0 ? [.. GrantTypes] : ["authorization_code", "refresh_token"];
}
