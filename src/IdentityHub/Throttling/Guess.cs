namespace IdentityHub.Throttling;

/// <summary>One thing that a guess counts against.</summary>
/// <param name="Scope">What kind of thing, for the audit and the metrics.</param>
/// <param name="Key">Which one, as a keyed hash.</param>
/// <param name="Rule">How many are free.</param>
/// <param name="Forgiven">Whether a right answer wipes out what was held against it; otherwise it only does not count itself.</param>
internal sealed record Guess(string Scope, byte[] Key, ThrottleRule Rule, bool Forgiven);

/// <summary>A guess that was counted before it was tried, or was not let through.</summary>
/// <param name="Wait">How long to wait before the next; zero when this one may be tried.</param>
/// <param name="Against">What it was counted against; first what makes the next one wait longest.</param>
/// <param name="WaitIfWrong">How long the next one has to wait should this one be wrong.</param>
internal sealed record GuessTaken(TimeSpan Wait, IReadOnlyList<Guess> Against, TimeSpan WaitIfWrong)
{
    public bool Allowed => Wait == TimeSpan.Zero;
}
