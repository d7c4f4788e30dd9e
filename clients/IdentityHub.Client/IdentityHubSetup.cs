using IdentityHub.Client.BackChannelLogout;
using IdentityHub.Client.Diagnostics;
using IdentityHub.Client.FrontChannelLogout;
using IdentityHub.Client.Pages;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Sessions;
using IdentityHub.Client.SignIn;
using IdentityHub.Client.SignOut;
using IdentityHub.Client.Startup;
using IdentityHub.Client.StepUp;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client;

/// <summary>Adds sign-in, server-side sessions and logout that the provider can start, in two lines.</summary>
/// <example>
/// <code>
/// builder.Services.AddIdentityHub(o =&gt; { o.Authority = "https://id.example.com"; o.ClientId = "notes"; o.ClientSecret = secret; });
/// …
/// app.MapIdentityHub();
/// </code>
/// </example>
public static class IdentityHubSetup
{
    /// <summary>
    /// Registers the schemes of <see cref="IdentityHubDefaults"/> as the defaults, authorization, and a
    /// <see cref="MemorySessionStore"/> unless another <see cref="ISessionStore"/> is registered.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options; at least the authority and the client.</param>
    /// <returns>The same services.</returns>
    /// <exception cref="InvalidOperationException">
    /// It was called twice; or, thrown when the application starts, <see cref="MapIdentityHub"/> was not called or the store
    /// cannot be made.
    /// </exception>
    /// <exception cref="OptionsValidationException">Thrown when the application starts, if an option is unusable.</exception>
    public static IServiceCollection AddIdentityHub(this IServiceCollection services, Action<IdentityHubOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (services.Any(service => service.ServiceType == typeof(MappedEndpoints)))
        {
            throw new InvalidOperationException("AddIdentityHub was called twice; an application signs in at one provider. Remove one call, and set further options with services.Configure<IdentityHubOptions>.");
        }

        services.AddSingleton<MappedEndpoints>();
        services.AddHostedService<StartupCheck>();
        services.AddOptions<IdentityHubOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<IdentityHubOptions>, IdentityHubOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISessionStore, MemorySessionStore>();
        services.AddDataProtection();
        services.AddMetrics();
        services.AddSingleton<ClientMetrics>();
        services.AddHttpClient(ProviderMetadata.HttpClientName, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(10);
            client.MaxResponseContentBufferSize = 1024 * 1024;
        });

        services.AddSingleton<ProviderMetadata>();
        services.AddSingleton<SignedInSessions>();
        services.AddSingleton<ForwardedScheme>();
        services.AddSingleton<StartSignIn>();
        services.AddSingleton<SignInEvents>();
        services.AddSingleton<LogoutTokenValidator>();
        services.AddSingleton<Receiver>();
        services.AddSingleton<FrontChannelEndpoint>();
        services.AddSingleton<IAuthorizationHandler, RecentAuthenticationHandler>();
        services.AddSingleton<IConfigureOptions<OpenIdConnectOptions>, ProviderHandlerOptions>();
        services.AddSingleton<IPostConfigureOptions<OpenIdConnectOptions>, ProviderHandlerOptions>();

        services.AddAuthentication(IdentityHubDefaults.SessionScheme)
            .AddScheme<AuthenticationSchemeOptions, SessionHandler>(IdentityHubDefaults.SessionScheme, null)
            .AddOpenIdConnect(IdentityHubDefaults.ProviderScheme, null, _ => { });
        services.AddAuthorization();
        return services;
    }

    /// <summary>
    /// Maps sign-in, sign-out, the "you were signed out" page, the receiver of logout tokens and the front-channel address to the paths of
    /// <see cref="IdentityHubOptions"/>. They are open to everybody whatever the application's fallback policy says.
    /// </summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <returns>A builder for conventions on all of them.</returns>
    /// <exception cref="InvalidOperationException"><see cref="AddIdentityHub"/> was not called.</exception>
    public static IEndpointConventionBuilder MapIdentityHub(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var mapped = endpoints.ServiceProvider.GetService<MappedEndpoints>()
            ?? throw new InvalidOperationException("MapIdentityHub was called and AddIdentityHub was not; add builder.Services.AddIdentityHub(o => …) before the application is built.");
        mapped.Are = true;
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<IdentityHubOptions>>().Value;
        var group = endpoints.MapGroup("").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        group.MapGet(options.SignInPath, StartSignIn.Get);
        group.MapPost(options.SignOutPath, SignOutEverywhere.Post);
        group.MapGet(options.SignOutPath, SignOutPage.Get);
        group.MapGet(options.SignedOutPath, (HttpContext context) => AnswerPage.SignedOut(context, options));
        // Every method, so that a GET is told what is wrong, uncached, in place of a bare 405.
        group.Map(options.BackChannelLogoutPath, Receiver.Handle);
        group.MapGet(options.FrontChannelLogoutPath, FrontChannelEndpoint.Get);
        return group;
    }
}
