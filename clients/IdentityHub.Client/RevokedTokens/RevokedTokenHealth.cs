using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>Whether ended sessions are refused at this moment, and if not, why.</summary>
internal sealed class RevokedTokenHealth(RevokedTokens tokens, FeedListener listener, IOptions<RevokedTokenCheckOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object> { ["entries"] = tokens.Count, ["behindSeconds"] = tokens.Behind is var behind && behind < TimeSpan.MaxValue ? behind.TotalSeconds : -1 };
        var consequence = options.Value.WhenBehind is WhenFeedIsBehind.Refuse ? "requests are answered with 503" : "ended sessions are not refused";
        return Task.FromResult(
            tokens.Overflowed ? new HealthCheckResult(context.Registration.FailureStatus, $"More sessions ended than MaxEntries ({options.Value.MaxEntries}) allows to remember: {consequence}. Raise MaxEntries.", data: data)
            : tokens.Behind > options.Value.Tolerance ? new HealthCheckResult(context.Registration.FailureStatus, $"The feed of ended sessions is behind: {consequence}. {listener.Problem}".TrimEnd(), data: data)
            : listener.Problem is { } problem ? HealthCheckResult.Degraded($"The feed of ended sessions was interrupted. {problem}", data: data)
            : HealthCheckResult.Healthy(data: data));
    }
}
