namespace IdentityHub.Data;

/// <summary>What this installation is. Section <c>Hub</c>.</summary>
internal sealed class HubOptions
{
    /// <summary>
    /// The issuer identifier (OpenID Connect Discovery §3): the address people and relying parties reach the hub at,
    /// absolute, without query or fragment; https except in development. All links and tokens carry this value, never
    /// a request's Host header. Required.
    /// </summary>
    public string Issuer { get; set; } = "";

    /// <summary>Where the embedded database, the key file and the mail pickup folder lie. Default: <c>IdentityHub</c> in the user's local application data.</summary>
    public string DataFolder { get; set; } = "";

    /// <summary>Addresses or networks (<c>10.0.0.0/8</c>) of the reverse proxies whose <c>X-Forwarded-For</c> and <c>-Proto</c> are believed. Default: none.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary><see cref="Issuer"/> as an address that ends in a slash, to resolve paths against.</summary>
    public Uri IssuerUri => new(Issuer.TrimEnd('/') + "/");

    public bool Https => Issuer.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
}
