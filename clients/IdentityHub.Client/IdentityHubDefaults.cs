namespace IdentityHub.Client;

/// <summary>The names under which <see cref="IdentityHubSetup.AddIdentityHub"/> registers its authentication schemes.</summary>
public static class IdentityHubDefaults
{
    /// <summary>
    /// The scheme that talks to the provider (ASP.NET Core's OpenID Connect handler). Challenge it to sign a person in;
    /// configure <c>OpenIdConnectOptions</c> under this name for what <see cref="IdentityHubOptions"/> does not offer.
    /// </summary>
    public const string ProviderScheme = "IdentityHub";

    /// <summary>The scheme that reads the application's own server-side session. It is the default for authentication.</summary>
    public const string SessionScheme = "IdentityHub.Session";

    /// <summary>The meter of this package: <c>AddMeter(IdentityHubDefaults.MeterName)</c> exports its metrics.</summary>
    public const string MeterName = "IdentityHub.Client";
}
