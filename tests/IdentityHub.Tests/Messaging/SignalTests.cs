using IdentityHub.Messaging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Messaging;

public sealed class SignalTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly OutboxSignal _signal;

    public SignalTests() => _signal = new OutboxSignal(_time);

    [Fact]
    public async Task A_ring_wakes_the_one_that_waits()
    {
        var waiting = WaitAsync();
        Assert.False(waiting.IsCompleted);

        _signal.Ring();

        await waiting.WaitAsync(Soon);
    }

    [Fact]
    public async Task Rings_while_nobody_waits_count_as_one_and_are_not_lost()
    {
        _signal.Ring();
        _signal.Ring();

        await WaitAsync().WaitAsync(Soon);
        await Assert.ThrowsAsync<TimeoutException>(() => WaitAsync().WaitAsync(TimeSpan.FromMilliseconds(300)));
    }

    [Fact]
    public async Task Without_a_ring_the_time_ends_the_wait()
    {
        var waiting = WaitAsync();
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(waiting.IsCompleted);

        _time.Advance(TimeSpan.FromSeconds(1));

        await waiting.WaitAsync(Soon);
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        using var cancel = new CancellationTokenSource();
        var waiting = _signal.WaitAsync(TimeSpan.FromMinutes(1), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Soon));
    }

    private Task WaitAsync() => _signal.WaitAsync(TimeSpan.FromMinutes(1), CancellationToken.None);
}
