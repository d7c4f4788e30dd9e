using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>Tells the application's health checks whether ended sessions are refused.</summary>
public static class RevokedTokenHealthSetup
{
    /// <summary>
    /// Adds a check that is unhealthy while ended sessions cannot be refused: the feed is behind by more than
    /// <see cref="RevokedTokenCheckOptions.Tolerance"/>, or more ended than may be remembered. It is degraded while the feed
    /// is interrupted for less. It says why.
    /// </summary>
    /// <param name="checks">The application's health checks.</param>
    /// <param name="name">The check's name. Default <c>revoked_tokens</c>.</param>
    /// <param name="failureStatus">What a failure is reported as; null for unhealthy.</param>
    /// <param name="tags">Tags to choose it by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddRevokedTokenCheck(
        this IHealthChecksBuilder checks, string name = "revoked_tokens", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.AddCheck<RevokedTokenHealth>(name, failureStatus, tags ?? []);
    }
}
