using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace IdentityHub.Client.Diagnostics;

/// <summary>Tells the application's health checks whether sign-in and logout work.</summary>
public static class HealthSetup
{
    /// <summary>
    /// Adds a check that is unhealthy while a logout token could not be obeyed: the provider's keys were never fetched,
    /// none of them is of <see cref="IdentityHubOptions.SigningAlgorithm"/>, or the session store does not answer. It is
    /// degraded while the keys known so far are used because they cannot be fetched again, and when the provider does not
    /// say that it offers back-channel logout. It costs one read of the store, and fetches nothing more often than sign-in does.
    /// </summary>
    /// <param name="checks">The application's health checks; <see cref="IdentityHubSetup.AddIdentityHub"/> must be there too.</param>
    /// <param name="name">The check's name. Default <c>identityhub</c>.</param>
    /// <param name="failureStatus">What a failure is reported as; null for unhealthy.</param>
    /// <param name="tags">Tags to choose it by.</param>
    /// <returns>The same builder.</returns>
    public static IHealthChecksBuilder AddIdentityHub(
        this IHealthChecksBuilder checks, string name = "identityhub", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        return checks.AddCheck<IdentityHubHealth>(name, failureStatus, tags ?? []);
    }
}
