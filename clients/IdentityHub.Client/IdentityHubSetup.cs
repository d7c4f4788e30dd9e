using IdentityHub.Client.BackChannelLogout;
using IdentityHub.Client.Pages;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Sessions;
using IdentityHub.Client.SignIn;
using IdentityHub.Client.SignOut;
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
    /// <exception cref="OptionsValidationException">Thrown when the application starts, if an option is unusable.</exception>
    public static IServiceCollection AddIdentityHub(this IServiceCollection services, Action<IdentityHubOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<IdentityHubOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<IdentityHubOptions>, IdentityHubOptionsRules>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISessionStore, MemorySessionStore>();
        services.AddDataProtection();
        services.AddHttpClient(ProviderMetadata.HttpClientName, client =>
        {
            client.Timeout = TimeSpan.FromSeconds(10);
            client.MaxResponseContentBufferSize = 1024 * 1024;
        });

        services.AddSingleton<ProviderMetadata>();
        services.AddSingleton<SignedInSessions>();
        services.AddSingleton<StartSignIn>();
        services.AddSingleton<SignInEvents>();
        services.AddSingleton<LogoutTokenValidator>();
        services.AddSingleton<Receiver>();
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
    /// Maps sign-in, sign-out, the "you were signed out" page and the receiver of logout tokens to the paths of
    /// <see cref="IdentityHubOptions"/>. They are open to everybody whatever the application's fallback policy says.
    /// </summary>
    /// <param name="endpoints">The application's endpoints.</param>
    /// <returns>A builder for conventions on all of them.</returns>
    public static IEndpointConventionBuilder MapIdentityHub(this IEndpointRouteBuilder endpoints)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var options = endpoints.ServiceProvider.GetRequiredService<IOptions<IdentityHubOptions>>().Value;
        var group = endpoints.MapGroup("").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        group.MapGet(options.SignInPath, StartSignIn.Get);
        group.MapPost(options.SignOutPath, SignOutEverywhere.Post);
        group.MapGet(options.SignedOutPath, (HttpContext context) => AnswerPage.SignedOut(context, options));
        // Every method, so that a GET is told what is wrong, uncached, in place of a bare 405.
        group.Map(options.BackChannelLogoutPath, Receiver.Handle);
        return group;
    }
}
