using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using Microsoft.AspNetCore.Antiforgery;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// OpenID Connect and OAuth 2.0 towards relying parties: authorize, token, userinfo, introspection, revocation,
/// end-session. The engine parses, validates and signs; what is issued is written only under a live session, and what
/// belongs to an ended session is refused. Never ends a session itself: that is Revocation's.
/// </summary>
internal static class ProtocolSetup
{
    public static WebApplicationBuilder AddProtocol(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddScoped<Issuance>().AddScoped<TokenStanding>().AddScoped<IssuanceWriter>();
        services.AddScoped<Authorize>().AddScoped<StepUp>().AddScoped<Consents>().AddScoped<EndSession>().AddScoped<SignOut>();
        services.AddSingleton<Markers>();
        services.AddSingleton<EngineKeys>();
        services.AddSingleton<Microsoft.Extensions.Options.IConfigureOptions<OpenIddictServerOptions>>(s => s.GetRequiredService<EngineKeys>());
        services.AddSingleton<Microsoft.Extensions.Options.IOptionsChangeTokenSource<OpenIddictServerOptions>>(s => s.GetRequiredService<EngineKeys>());
        services.AddHostedService<Pruning>();
        services.AddAuthentication();
        services.AddAuthorization();
        services.AddOpenIddict()
            .AddCore(core => core
                .ReplaceTokenStore<IssuedToken, TokenStore>()
                .ReplaceTokenManager<IssuedToken, TokenManager>()
                .ReplaceAuthorizationStore<Grant, GrantStore>())
            .AddServer(server => Configure(server, HubSettings.Issuer(builder.Configuration)));
        return builder;
    }

    private static void Configure(OpenIddictServerBuilder server, Uri issuer)
    {
        server.SetIssuer(issuer)
            .SetConfigurationEndpointUris(".well-known/openid-configuration", ".well-known/oauth-authorization-server")
            .SetJsonWebKeySetEndpointUris("jwks")
            .SetAuthorizationEndpointUris("authorize")
            .SetTokenEndpointUris("token")
            .SetUserInfoEndpointUris("userinfo")
            .SetIntrospectionEndpointUris("introspect")
            .SetRevocationEndpointUris("revoke")
            .SetEndSessionEndpointUris("end-session");
        server.AllowAuthorizationCodeFlow().AllowRefreshTokenFlow().AllowClientCredentialsFlow();
        // RFC 9700 §2.1.1: the plain method protects nothing.
        server.Configure(static options => options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain));
        server.RegisterScopes(Scopes.OpenId, Scopes.Profile, Scopes.Email, Scopes.OfflineAccess);
        // A relying party may ask for the scopes it is registered for, also those of its own APIs.
        server.DisableScopeValidation();
        // ASVS 10.4.3: the browser needs seconds to carry a code.
        server.SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1));
        server.SetAccessTokenLifetime(TimeSpan.FromMinutes(5));
        server.SetIdentityTokenLifetime(TimeSpan.FromMinutes(10));
        // ASVS 10.4.8: an absolute end, which rotation does not move.
        server.SetRefreshTokenLifetime(TimeSpan.FromDays(30)).DisableSlidingRefreshTokenExpiration();
        server.SetRefreshTokenReuseLeeway(null);
        // RFC 9068: resource servers validate access tokens themselves.
        server.DisableAccessTokenEncryption();
        // No relying party registers keys of its own yet, so none can sign an assertion.
        server.Configure(static options => options.ClientAuthenticationMethods.Remove(ClientAuthenticationMethods.PrivateKeyJwt));
        server.Configure(static options => options.ClientAssertionTypes.Clear());
        server.RemoveEventHandler(FormPost.Replaced).AddEventHandler(FormPost.Descriptor);
        server.RemoveEventHandler(ReadUserInfoRequest.Replaced).AddEventHandler(ReadUserInfoRequest.Descriptor);
        server.AddEventHandler(RefuseMalformed<ValidateAuthorizationRequestContext>.Descriptor)
            .AddEventHandler(RefuseMalformed<ValidateTokenRequestContext>.Descriptor)
            .AddEventHandler(RefuseMalformed<ValidateUserInfoRequestContext>.Descriptor)
            .AddEventHandler(RefuseMalformed<ValidateIntrospectionRequestContext>.Descriptor)
            .AddEventHandler(RefuseMalformed<ValidateRevocationRequestContext>.Descriptor)
            .AddEventHandler(RefuseMalformed<ValidateEndSessionRequestContext>.Descriptor);
        server.AddEventHandler(CheckPkce.Authorization).AddEventHandler(CheckPkce.Token);
        server.AddEventHandler(ReturnErrors.Descriptor)
            .AddEventHandler(HideErrorUri<ProcessErrorContext>.After(OpenIddictServerHandlers.AttachCustomErrorParameters.Descriptor))
            .AddEventHandler(HideErrorUri<ProcessChallengeContext>.After(OpenIddictServerHandlers.AttachCustomChallengeParameters.Descriptor));
        server.AddEventHandler(RevokeGrant.Descriptor);
        server.AddEventHandler(PublishMetadata<ApplyConfigurationResponseContext>.Descriptor)
            .AddEventHandler(PublishMetadata<ApplyJsonWebKeySetResponseContext>.Descriptor);
        server.AddEventHandler(RecordIssuance.Descriptor)
            .AddEventHandler(IssueRefreshToken.Descriptor)
            .AddEventHandler(RefuseEndedSessions.Descriptor)
            .AddEventHandler(SignForRelyingParty.Descriptor)
            .AddEventHandler(NameIssuer.AuthorizationResponse)
            .AddEventHandler(NameIssuer.ConfigurationResponse)
            .AddEventHandler(NameIssuer.IntrospectionResponse)
            .AddEventHandler(DescribeLogout.Descriptor);
        server.UseAspNetCore()
            .EnableAuthorizationEndpointPassthrough()
            .EnableTokenEndpointPassthrough()
            .EnableUserInfoEndpointPassthrough()
            .EnableEndSessionEndpointPassthrough()
            .EnableErrorPassthrough()
            .SuppressJsonResponseIndentation()
            // The settings have refused plain http outside development; behind a proxy the request may arrive as http.
            .DisableTransportSecurityRequirement();
    }

    /// <summary>Stands before everything that can fail.</summary>
    public static WebApplication UseOAuthErrors(this WebApplication app)
    {
        app.Use(static (context, next) =>
        {
            if (context.Request.Path.Value is "/token" or "/introspect" or "/revoke" or "/userinfo" or "/revocations")
            {
                context.Features.Set(SpeaksOAuth.Mark);
            }

            return next(context);
        });
        return app;
    }

    public static WebApplication UseProtocol(this WebApplication app)
    {
        app.UseMiddleware<PostedRequests>();
        return app;
    }

    public static WebApplication MapProtocol(this WebApplication app)
    {
        app.MapGet("/authorize", (HttpContext context, Authorize authorize) => authorize.HandleAsync(context));
        app.MapPost("/consent", (HttpContext context, Consents consents) => consents.AnswerAsync(context)).WithMetadata(new RequireAntiforgeryTokenAttribute());
        app.MapPost("/token", Token.Post).DisableAntiforgery();
        app.MapMethods("/userinfo", [HttpMethods.Get, HttpMethods.Post], UserInfo.Get).DisableAntiforgery();
        app.MapGet("/end-session", (HttpContext context, EndSession endSession) => endSession.HandleAsync(context));
        app.MapPost("/sign-out", (HttpContext context, SignOut signOut) => signOut.ConfirmAsync(context)).WithMetadata(new RequireAntiforgeryTokenAttribute());
        app.MapGet(SignOut.SignedOut, (HttpContext context, SignOut signOut) => signOut.ReportAsync(context));
        app.MapGet(SignOut.SignedOut + "/live", (HttpContext context, SignOut signOut) => signOut.Watch(context));
        return app;
    }
}
