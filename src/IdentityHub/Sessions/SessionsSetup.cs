using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.Sessions;

/// <summary>
/// Who is signed in, where, since when, and at which applications: one row per sign-in, one per session and relying
/// party. Opens, renews and checks sessions; never ends one, which is Revocation's alone.
/// </summary>
internal static class SessionsSetup
{
    public static WebApplicationBuilder AddSessions(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<SessionOptions>().BindConfiguration("Sessions")
            .Validate<IServiceProvider>((options, _) => options.Refusal() is { } refusal ? throw new SettingException(refusal) : true)
            .ValidateOnStart();
        builder.Services.AddSingleton(services => new SessionCookie(services.GetRequiredService<IOptions<HubOptions>>().Value.Https));
        builder.Services.AddSingleton<LiveSessionQuery>();
        builder.Services.AddScoped<SessionCheck>();
        builder.Services.AddScoped<SessionOpener>();
        return builder;
    }

    public static WebApplication UseSessions(this WebApplication app)
    {
        app.UseMiddleware<SessionMiddleware>();
        return app;
    }
}
