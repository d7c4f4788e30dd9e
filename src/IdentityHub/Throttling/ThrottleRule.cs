namespace IdentityHub.Throttling;

/// <summary>
/// So many wrong guesses are free; each further one doubles the wait, up to a longest. Guesses are forgotten one by one
/// as time passes. Pure: takes values, returns values.
/// </summary>
/// <param name="Free">The number of wrong guesses after which the waiting begins.</param>
/// <param name="First">The first wait.</param>
/// <param name="Longest">The longest.</param>
/// <param name="Forget">How long until one guess is forgotten.</param>
internal sealed record ThrottleRule(int Free, TimeSpan First, TimeSpan Longest, TimeSpan Forget)
{
    /// <summary>What is still held against somebody at <paramref name="now"/>, of <paramref name="level"/> guesses at <paramref name="last"/>.</summary>
    public double Level(double level, DateTimeOffset? last, DateTimeOffset now) =>
        last is null ? 0 : Math.Max(0, level - Math.Max(0, (now - last.Value) / Forget));

    /// <summary>One guess more. Bounded, so that the end of a long attack is the end of the waiting soon after.</summary>
    public double Add(double level) => Math.Min(level + 1, Free + 12);

    /// <summary>How long after the last of so many guesses the next one may come.</summary>
    public TimeSpan WaitAfter(double level)
    {
        // Rounded: the first of ten guesses is a little forgotten by the time of the tenth.
        var over = Math.Min((int)Math.Round(level) - Free, 20);
        return over < 0 ? TimeSpan.Zero : First * Math.Pow(2, over) is var wait && wait < Longest ? wait : Longest;
    }
}
