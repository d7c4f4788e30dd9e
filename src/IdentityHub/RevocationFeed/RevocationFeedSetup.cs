using IdentityHub.Data;
using IdentityHub.Messaging;

namespace IdentityHub.RevocationFeed;

/// <summary>
/// Tells those who validate access tokens themselves which sessions have ended, as a stream over HTTP that can be
/// resumed without a gap. It may never decide that something ends, never hold up what does, and never say that a
/// subscriber is current when it may have missed something.
/// </summary>
internal static class RevocationFeedSetup
{
    public static WebApplicationBuilder AddRevocationFeed(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RevocationFeedOptions>().BindConfiguration("RevocationFeed").PostConfigure(Check).ValidateOnStart();
        services.AddSingleton<FeedSignal>().AddSingleton<FeedMetrics>().AddSingleton<Subscribers>();
        services.AddSingleton<FeedAccess>().AddSingleton<FeedStream>();
        services.AddNodeSubscription<FeedConsumer>("identityhub-feed");
        services.AddHostedService<FeedFollower>();
        services.AddHostedService<FeedPruning>();
        return builder;
    }

    public static WebApplication MapRevocationFeed(this WebApplication app)
    {
        app.MapGet("/revocations", (HttpContext context, FeedStream stream) => stream.GetAsync(context));
        return app;
    }

    private static void Check(RevocationFeedOptions options)
    {
        if (options.Refusal() is { } refusal)
        {
            throw new SettingException(refusal);
        }
    }
}
