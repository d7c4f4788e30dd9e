namespace IdentityHub.EndToEnd.Attacks;

/// <summary>The machine's clock, put forward or back.</summary>
internal sealed class MovedClock : TimeProvider
{
    private TimeSpan _offset;

    public void Move(TimeSpan by) => _offset += by;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + _offset;
}
