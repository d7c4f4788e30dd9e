namespace IdentityHub.Client.Diagnostics;

/// <summary>
/// Keeps what strangers can cause from filling the log: so many lines a minute, and the first line after that says how
/// many were left out. Safe for concurrent use.
/// </summary>
internal sealed class LogLimit(TimeProvider time)
{
    public const int LinesPerWindow = 10;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private DateTimeOffset _windowEnds = DateTimeOffset.MinValue;
    private int _written;
    private long _leftOut;

    /// <summary>Whether a line may be written now, and how many were not since the last one that was.</summary>
    public bool Allows(out long leftOut)
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (now >= _windowEnds)
            {
                (_windowEnds, _written) = (now + Window, 0);
            }

            if (_written == LinesPerWindow)
            {
                leftOut = ++_leftOut;
                return false;
            }

            _written++;
            (leftOut, _leftOut) = (_leftOut, 0);
            return true;
        }
    }
}
