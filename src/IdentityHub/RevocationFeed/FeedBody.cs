using System.Buffers;
using System.IO.Pipelines;

namespace IdentityHub.RevocationFeed;

/// <summary>The body of one stream: what was written last says where it can be resumed.</summary>
/// <param name="pipe">The response.</param>
/// <param name="within">How long a subscriber may take nothing.</param>
/// <param name="time">The clock.</param>
internal sealed class FeedBody(PipeWriter pipe, TimeSpan within, TimeProvider time)
{
    public FeedPosition? Position { get; private set; }

    /// <summary>Takes the frame without sending it; how many bytes it has.</summary>
    public int Write(FeedFrame frame)
    {
        pipe.Write(frame.Bytes.Span);
        Position = frame.Position ?? Position;
        return frame.Bytes.Length;
    }

    /// <exception cref="TimeoutException">The subscriber takes nothing.</exception>
    public async Task SendAsync(CancellationToken cancel)
    {
        var flush = pipe.FlushAsync(cancel);
        if (flush.IsCompleted)
        {
            await flush;
        }
        else
        {
            await flush.AsTask().WaitAsync(within, time, cancel);
        }
    }
}
