using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace IdentityHub.RevocationFeed;

/// <summary>The streams open at this node. Safe from any thread.</summary>
internal sealed class Subscribers(FeedSignal signal, FeedMetrics metrics, IOptions<RevocationFeedOptions> options)
{
    private readonly ConcurrentDictionary<Subscriber, bool> _joined = new();
    private int _open;

    public bool None => _joined.IsEmpty;

    public IReadOnlyList<Subscriber> All => [.. _joined.Keys];

    /// <summary>Takes a place for a stream; false where all are taken.</summary>
    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _open) > options.Value.MaxSubscribers)
        {
            Interlocked.Decrement(ref _open);
            return false;
        }

        metrics.Subscribers(1);
        return true;
    }

    public void Leave()
    {
        Interlocked.Decrement(ref _open);
        metrics.Subscribers(-1);
    }

    public Subscriber Join()
    {
        var subscriber = new Subscriber(options.Value.Backlog, gone => _joined.TryRemove(gone, out _));
        _joined[subscriber] = true;
        // The follower may be asleep, for there was nobody.
        signal.Ring();
        return subscriber;
    }

    public void Offer(FeedFrame frame)
    {
        foreach (var (subscriber, _) in _joined)
        {
            if (!subscriber.Offer(frame))
            {
                metrics.Overrun();
            }
        }
    }
}
