using IdentityHub.Data;

namespace IdentityHub.Throttling;

/// <summary>
/// How often somebody may guess a secret, counted in the database so that all nodes agree. It makes guessing slow and
/// never locks anybody out for good: what strangers do counts against strangers, not against the browsers and sessions
/// a person already has. It knows no person and keeps no address, only keyed hashes of what is counted.
/// </summary>
internal static class ThrottlingSetup
{
    public static WebApplicationBuilder AddThrottling(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<ThrottlingOptions>().BindConfiguration("Throttling")
            .Validate<IServiceProvider>((options, _) => options.Refusal() is { } refusal ? throw new SettingException(refusal) : true)
            .ValidateOnStart();
        builder.Services.AddSingleton<ThrottleMetrics>();
        builder.Services.AddSingleton<Guesses>();
        builder.Services.AddScoped<Throttle>();
        builder.Services.AddHostedService<ForgetGuesses>();
        return builder;
    }
}
