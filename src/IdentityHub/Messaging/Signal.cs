namespace IdentityHub.Messaging;

/// <summary>
/// A doorbell inside the process: says "look again", never what to find. Any number of threads ring, one loop waits.
/// Rings while nobody waits count as one, and are not lost.
/// </summary>
internal abstract class Signal(TimeProvider time)
{
    private volatile TaskCompletionSource _rung = Silent();

    public void Ring() => _rung.TrySetResult();

    /// <summary>Returns at the next ring, or one that came since the last return, or after <paramref name="atMost"/>.</summary>
    public Task WaitAsync(TimeSpan atMost, CancellationToken cancel) => RingsAsync(atMost, cancel);

    /// <summary>The same, and whether it rang.</summary>
    public async Task<bool> RingsAsync(TimeSpan atMost, CancellationToken cancel)
    {
        using var elapsed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        await Task.WhenAny(_rung.Task, Task.Delay(atMost, time, elapsed.Token));
        await elapsed.CancelAsync();
        cancel.ThrowIfCancellationRequested();
        var rung = _rung.Task.IsCompleted;
        // Silenced before the caller looks: a ring from now on is about something it may not see.
        _rung = Silent();
        return rung;
    }

    // Continuations run elsewhere: whoever rings has just committed and owes an answer.
    private static TaskCompletionSource Silent() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
