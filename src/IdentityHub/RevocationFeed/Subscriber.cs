using System.Threading.Channels;

namespace IdentityHub.RevocationFeed;

/// <summary>What waits for one open stream, up to a bound. Written by the follower alone, read by the stream alone.</summary>
internal sealed class Subscriber(int backlog, Action<Subscriber> leave) : IDisposable
{
    private readonly Channel<FeedFrame> _frames = Channel.CreateBounded<FeedFrame>(
        new BoundedChannelOptions(backlog) { SingleReader = true, SingleWriter = true });

    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From its completion on, what becomes visible in the database and was not before comes through <see cref="Frames"/>.</summary>
    public Task Joined => _joined.Task;

    /// <summary>Ends where more came than may wait: the stream reads the rest for itself and joins anew.</summary>
    public ChannelReader<FeedFrame> Frames => _frames.Reader;

    public void Join() => _joined.TrySetResult();

    /// <summary>False once there was no room: nothing more is taken.</summary>
    public bool Offer(FeedFrame frame) => _frames.Writer.TryWrite(frame) || !_frames.Writer.TryComplete();

    public void Dispose() => leave(this);
}
