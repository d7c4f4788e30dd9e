using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.RevocationFeed;

/// <summary>
/// The one reader of a node: looks for what has become visible since it last looked, and offers it to all streams.
/// Sleeps while there are none.
/// </summary>
internal sealed partial class FeedFollower(
    IServiceScopeFactory scopes,
    Subscribers subscribers,
    FeedSignal signal,
    FeedMetrics metrics,
    IOptions<RevocationFeedOptions> options,
    TimeProvider time,
    ILogger<FeedFollower> log) : BackgroundService
{
    private static readonly TimeSpan Asleep = TimeSpan.FromMinutes(1);

    // Sent already, and not yet older than every open transaction: the next look sees them again.
    private readonly Dictionary<long, long> _sent = [];
    private FeedPosition? _from;
    private DateTimeOffset _nextHeartbeat = DateTimeOffset.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            if (subscribers.None)
            {
                (_from, _nextHeartbeat) = (null, DateTimeOffset.MinValue);
                _sent.Clear();
                await signal.WaitAsync(Asleep, stopping);
                continue;
            }

            // After a failure rings do not count: they would turn an outage into a hot loop.
            var wait = await TryLookAsync(stopping) ? signal.WaitAsync(options.Value.LookInterval, stopping) : Task.Delay(options.Value.LookInterval, time, stopping);
            await wait;
        }
    }

    private async Task<bool> TryLookAsync(CancellationToken stopping)
    {
        try
        {
            var waiting = subscribers.All;
            await LookAsync(stopping);
            foreach (var subscriber in waiting)
            {
                subscriber.Join();
            }

            return true;
        }
        catch (Exception ex) when (!stopping.IsCancellationRequested)
        {
            metrics.Failed();
            Log.LookFailed(log, ex);
            return false;
        }
    }

    private async Task LookAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var feed = new FeedLog(scope.ServiceProvider.GetRequiredService<HubDb>(), time);
        var now = await feed.NowAsync(stopping);
        // The first look finds where to begin; what is older a stream reads for itself once it has joined.
        await OfferAsync(feed, now, _from?.Since ?? now.Since, stopping);
        foreach (var (id, place) in _sent)
        {
            if (place < now.Since)
            {
                _sent.Remove(id);
            }
        }

        _from = now;
        // Only after a look that succeeded: a node that has lost its database must not say that its streams are current.
        if (time.GetUtcNow() is var present && present >= _nextHeartbeat)
        {
            _nextHeartbeat = present + options.Value.Heartbeat;
            subscribers.Offer(FeedFrame.Current(now, options.Value));
        }
    }

    private async Task OfferAsync(FeedLog feed, FeedPosition now, long since, CancellationToken stopping)
    {
        FeedEntry? last = null;
        List<FeedEntry> page;
        do
        {
            page = await feed.ReadAsync(since, last, stopping);
            foreach (var entry in page)
            {
                if (_sent.TryAdd(entry.Id, feed.PlaceOf(entry)))
                {
                    subscribers.Offer(FeedFrame.Of(entry, feed.After(entry, now)));
                    metrics.Sent(time.GetUtcNow() - entry.At);
                }
            }

            last = page.LastOrDefault();
        }
        while (page.Count == FeedLog.Page);
    }

    private static partial class Log
    {
        [LoggerMessage(7001, LogLevel.Error, "The revocation feed could not be read; its streams stand still until it can.")]
        public static partial void LookFailed(ILogger logger, Exception exception);
    }
}
