using IdentityHub.Client.Provider;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace IdentityHub.Client.SignIn;

/// <summary>Our options, told to ASP.NET Core's OpenID Connect handler.</summary>
internal sealed class ProviderHandlerOptions(IOptions<IdentityHubOptions> ours, ProviderMetadata provider, SignInEvents events)
    : IConfigureNamedOptions<OpenIdConnectOptions>, IPostConfigureOptions<OpenIdConnectOptions>
{
    public void Configure(OpenIdConnectOptions options) => Configure(Options.DefaultName, options);

    public void Configure(string? name, OpenIdConnectOptions options)
    {
        if (name != IdentityHubDefaults.ProviderScheme)
        {
            return;
        }

        var o = ours.Value;
        options.Authority = o.Authority;
        options.ConfigurationManager = provider;
        options.RequireHttpsMetadata = o.Authority.StartsWith("https:", StringComparison.OrdinalIgnoreCase);
        options.ClientId = o.ClientId;
        options.ClientSecret = o.ClientSecret;
        options.SignInScheme = IdentityHubDefaults.SessionScheme;
        options.SignOutScheme = IdentityHubDefaults.SessionScheme;
        options.CallbackPath = o.CallbackPath;
        options.SignedOutCallbackPath = o.SignedOutCallbackPath;
        options.SignedOutRedirectUri = o.AfterSignOutPath;
        // Ours answers front-channel logout: this one ends the session before it looks at iss and sid, and can be framed by anybody.
        options.RemoteSignOutPath = PathString.Empty;

        options.ResponseType = OpenIdConnectResponseType.Code;
        // By redirect and not by form post: the cookies that bind the response to this browser can then be SameSite=Lax.
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.DisableTelemetry = true; // the library and its version are nobody else's business
        options.SaveTokens = true;
        options.Scope.Clear();
        foreach (var scope in o.Scopes)
        {
            options.Scope.Add(scope);
        }

        // Core §5.4: with a code flow the profile claims are at UserInfo, not in the ID token.
        options.GetClaimsFromUserInfoEndpoint = true;
        options.MapInboundClaims = false;
        options.ClaimActions.Remove("acr"); // the default drops it, and an application may have to check it
        options.TokenValidationParameters.NameClaimType = "name";
        options.TokenValidationParameters.RoleClaimType = "roles";
        options.TokenValidationParameters.ValidAlgorithms = [o.SigningAlgorithm];
        options.TokenValidationParameters.ClockSkew = o.ClockSkew;

        Bind(options.CorrelationCookie, $"{o.CookieName}.correlation.");
        Bind(options.NonceCookie, $"{o.CookieName}.nonce.");
    }

    /// <summary>After the application's own events, so that it cannot lose ours by setting one.</summary>
    public void PostConfigure(string? name, OpenIdConnectOptions options)
    {
        if (name == IdentityHubDefaults.ProviderScheme)
        {
            var theirs = options.Events;
            options.Events.OnRedirectToIdentityProvider = Then(theirs.OnRedirectToIdentityProvider, SignInEvents.AskForStepUp);
            options.Events.OnMessageReceived = Then(theirs.OnMessageReceived, events.CheckIssuer);
            options.Events.OnTicketReceived = Then(theirs.OnTicketReceived, events.BeginSession);
            options.Events.OnAccessDenied = Then(theirs.OnAccessDenied, events.Declined);
            options.Events.OnRemoteFailure = Then(theirs.OnRemoteFailure, events.Failed);
            options.Events.OnSignedOutCallbackRedirect = Then(theirs.OnSignedOutCallbackRedirect, events.ReturnFromSignOut);
        }
    }

    private static Func<T, Task> Then<T>(Func<T, Task> first, Func<T, Task> second) => async context =>
    {
        await first(context);
        await second(context);
    };

    private static void Bind(CookieBuilder cookie, string name)
    {
        cookie.Name = name;
        cookie.SameSite = SameSiteMode.Lax;
        cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
    }
}
