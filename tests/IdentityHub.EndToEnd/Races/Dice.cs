namespace IdentityHub.EndToEnd.Races;

/// <summary>
/// Random offsets that can be repeated: SplitMix64 from a seed that a failure prints. What must not be repeatable, a
/// secret, never comes from here.
/// </summary>
internal sealed class Dice(ulong seed, int round)
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private ulong _state = seed + (ulong)round * Golden * 977;

    public bool Coin() => Below(2) == 0;

    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>An instant between now and <paramref name="atMost"/>, drawn now, so that who runs first does not change the draw.</summary>
    public TimeSpan Within(TimeSpan atMost) => atMost * ((Next() >> 11) * (1.0 / (1UL << 53)));

    private ulong Next()
    {
        var z = _state += Golden;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
