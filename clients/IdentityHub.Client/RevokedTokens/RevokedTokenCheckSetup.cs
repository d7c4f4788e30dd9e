using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// Makes an API that validates JWT access tokens itself refuse a token within a second after its session has ended,
/// although it has not expired and nobody is asked.
/// </summary>
/// <example>
/// <code>
/// builder.Services.AddAuthentication().AddJwtBearer(o =&gt; { o.Authority = "https://id.example.com"; o.Audience = "https://api.example.com"; })
///     .AddRevokedTokenCheck(o =&gt; { o.ClientId = "api"; o.ClientSecret = secret; });
/// </code>
/// </example>
public static class RevokedTokenCheckSetup
{
    /// <summary>
    /// Adds the check to a JWT bearer scheme, and what reads the hub's feed. It runs before the scheme's own
    /// <see cref="JwtBearerEvents.OnTokenValidated"/>, which is kept, like the other events. A revoked token is answered
    /// with 401 and <c>invalid_token</c> (RFC 6750 §3.1); while the feed is behind, with 503.
    /// </summary>
    /// <param name="builder">What <c>AddAuthentication</c> returned.</param>
    /// <param name="configure">Sets the options; at least the client that reads the feed.</param>
    /// <param name="scheme">The JWT bearer scheme. Default <c>Bearer</c>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="InvalidOperationException">It was called twice; or, thrown when the application starts, there is no such JWT bearer scheme.</exception>
    /// <exception cref="OptionsValidationException">Thrown when the application starts, if an option is unusable.</exception>
    public static AuthenticationBuilder AddRevokedTokenCheck(
        this AuthenticationBuilder builder, Action<RevokedTokenCheckOptions> configure, string scheme = JwtBearerDefaults.AuthenticationScheme)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(RevokedTokens)))
        {
            throw new InvalidOperationException("AddRevokedTokenCheck was called twice; there is one feed of ended sessions. Remove one call.");
        }

        services.AddOptions<RevokedTokenCheckOptions>().Configure(configure).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RevokedTokenCheckOptions>, RevokedTokenCheckRules>();
        services.AddSingleton<IPostConfigureOptions<RevokedTokenCheckOptions>>(provider =>
            new AuthorityOfScheme(scheme, provider.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>()));
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.AddHttpClient(FeedSession.HttpClientName, client =>
        {
            // The stream has no end; each step has a limit of its own.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.MaxResponseContentBufferSize = 1024 * 1024;
        });
        services.AddSingleton<RevokedTokens>().AddSingleton<CheckMetrics>().AddSingleton<FeedSession>().AddSingleton<FeedListener>();
        services.AddHostedService(provider => new SchemeCheck(scheme, provider.GetRequiredService<IAuthenticationSchemeProvider>()));
        services.AddHostedService(provider => provider.GetRequiredService<FeedListener>());
        services.AddSingleton<IPostConfigureOptions<JwtBearerOptions>>(provider => new CheckedScheme(scheme, provider));
        return builder;
    }

    private sealed class CheckedScheme(string scheme, IServiceProvider provider) : IPostConfigureOptions<JwtBearerOptions>
    {
        public void PostConfigure(string? name, JwtBearerOptions options)
        {
            if (name == scheme)
            {
                (options.Events, options.EventsType) = (new CheckedEvents(options.Events, options.EventsType, provider), null);
            }
        }
    }

    private sealed class SchemeCheck(string scheme, IAuthenticationSchemeProvider schemes) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            var found = await schemes.GetSchemeAsync(scheme);
            if (found is null || !typeof(JwtBearerHandler).IsAssignableFrom(found.HandlerType))
            {
                throw new InvalidOperationException($"AddRevokedTokenCheck is for the JWT bearer scheme '{scheme}', which there is not; call AddJwtBearer, or name another scheme.");
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
