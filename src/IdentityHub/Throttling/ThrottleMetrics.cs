using System.Diagnostics.Metrics;

namespace IdentityHub.Throttling;

/// <summary>What was guessed at, for operators. Meter <c>IdentityHub.Throttling</c>.</summary>
internal sealed class ThrottleMetrics
{
    private readonly Counter<long> _wrong;
    private readonly Counter<long> _refused;

    public ThrottleMetrics(IMeterFactory meters)
    {
        var meter = meters.Create("IdentityHub.Throttling");
        _wrong = meter.CreateCounter<long>("identityhub.guesses.wrong", "{guess}", "Wrong passwords and codes, by what they counted against first.");
        _refused = meter.CreateCounter<long>("identityhub.guesses.refused", "{guess}", "Guesses that were answered 429 without being tried, by what has to wait.");
    }

    public void Wrong(string scope) => _wrong.Add(1, new KeyValuePair<string, object?>("scope", scope));

    public void Refused(string scope) => _refused.Add(1, new KeyValuePair<string, object?>("scope", scope));
}
