using IdentityHub.Data;
using IdentityHub.Messaging;
using IdentityHub.RelyingParties;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// Back-channel logout tells every relying party that a session is over, as often as it takes, and knows who has
/// confirmed. It may never end a session itself, never make a person or another relying party wait for one that
/// hangs, never connect where the address rule says no, and never show as done what was not answered.
/// </summary>
internal static class BackChannelLogoutSetup
{
    public static WebApplicationBuilder AddBackChannelLogout(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<BackChannelLogoutOptions>().BindConfiguration("BackChannelLogout").PostConfigure(Check).ValidateOnStart();
        services.TryAddSingleton(AddressRule.From(builder.Configuration, builder.Environment));
        services.AddSingleton<LogoutTokenSender>().AddSingleton<DeliveryAttempt>().AddSingleton<DeliverySettler>().AddSingleton<DeliveryMetrics>();
        services.AddSingleton<CircuitBreakers>().AddSingleton<Doorbell>().AddSingleton<FirstAttempts>().AddScoped<LogoutDeliveries>();
        services.AddScoped<UnansweredDeliveries>();
        if (HubRoles.Of(builder.Configuration).Dispatches)
        {
            services.AddSubscription<SessionsRevokedConsumer>(SessionsRevokedConsumer.Queue);
            services.AddHostedService<Dispatcher>().AddHostedService<HorizonSweep>().AddHostedService<BacklogWatch>();
            // The drain, and what it takes to write the last outcomes.
            services.AddOptions<HostOptions>().Configure<IOptions<BackChannelLogoutOptions>>(
                (host, options) => host.ShutdownTimeout = options.Value.DrainWithin + TimeSpan.FromSeconds(20));
        }

        return builder;
    }

    private static void Check(BackChannelLogoutOptions options)
    {
        if (options.Refusal() is { } refusal)
        {
            throw new SettingException(refusal);
        }
    }
}
