namespace IdentityHub.Tests.Testing;

/// <summary>The machine's clock, put forward or back.</summary>
internal sealed class MovedClock : TimeProvider
{
    private TimeSpan _offset;
    private DateTimeOffset? _stopped;

    public void Move(TimeSpan by) => _offset += by;

    /// <summary>From now on only <see cref="Move"/> moves it: for tests that count seconds on a machine that may be slow.</summary>
    public void Stop() => _stopped ??= base.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => (_stopped ?? base.GetUtcNow()) + _offset;
}
