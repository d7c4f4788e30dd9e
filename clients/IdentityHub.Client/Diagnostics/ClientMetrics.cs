using System.Diagnostics.Metrics;

namespace IdentityHub.Client.Diagnostics;

/// <summary>
/// What an operator watches (the README lists it): names and units by OpenTelemetry's conventions, attributes of few
/// values, and nothing about a person.
/// </summary>
internal sealed class ClientMetrics
{
    private readonly Counter<long> _signIns;
    private readonly Histogram<double> _logouts;
    private readonly Histogram<double> _fetches;

    public ClientMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(IdentityHubDefaults.MeterName);
        _signIns = meter.CreateCounter<long>(
            "identityhub.client.sign_ins", "{sign_in}", "Sign-ins that came back from the provider.");
        _logouts = meter.CreateHistogram(
            "identityhub.client.logout.duration", "s", "Logout requests of the provider, and how long they took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
        _fetches = meter.CreateHistogram(
            "identityhub.client.metadata.fetch.duration", "s", "Fetches of the provider's metadata and keys, and how long they took.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    public void SignIn(SignInOutcome outcome) =>
        _signIns.Add(1, new KeyValuePair<string, object?>("identityhub.sign_in.outcome", Snake(outcome.ToString())));

    public void Logout(string channel, string outcome, TimeSpan took) => _logouts.Record(
        took.TotalSeconds,
        new KeyValuePair<string, object?>("identityhub.logout.channel", channel),
        new KeyValuePair<string, object?>("identityhub.logout.outcome", outcome));

    /// <param name="took">From the question to the answer or its failure.</param>
    /// <param name="error">The failure, or null.</param>
    public void Fetch(TimeSpan took, Exception? error)
    {
        if (error is null)
        {
            _fetches.Record(took.TotalSeconds);
        }
        else
        {
            _fetches.Record(took.TotalSeconds, new KeyValuePair<string, object?>("error.type", error.GetType().FullName));
        }
    }

    private static string Snake(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i > 0 ? "_" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
