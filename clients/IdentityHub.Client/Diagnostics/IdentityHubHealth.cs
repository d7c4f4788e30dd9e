using IdentityHub.Client.Provider;
using IdentityHub.Client.Sessions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Diagnostics;

/// <summary>
/// Whether a logout token that came now would end a session: the provider's keys are there, one of them fits, and the
/// store answers. What it says names the cause and the fix, and nothing secret.
/// </summary>
internal sealed class IdentityHubHealth(ProviderMetadata provider, ISessionStore store, IOptions<IdentityHubOptions> options) : IHealthCheck
{
    // No cookie has this hash: the store is asked, and nothing is found.
    private const string NoSession = "0000000000000000000000000000000000000000000000000000000000000000";

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await store.FindAsync(NoSession, cancellationToken);
        }
        // Whatever kind of store it is, and whatever it throws: it does not answer.
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new(context.Registration.FailureStatus, "The session store does not answer: nobody can sign in, and no logout can be confirmed.", e);
        }

        try
        {
            var configuration = await provider.GetConfigurationAsync(cancellationToken);
            var problems = ProviderProblems.In(configuration, options.Value).ToList();
            if (problems.Find(p => p.Fatal) is { } fatal)
            {
                return new(context.Registration.FailureStatus, fatal.Text);
            }

            return provider.LastFailure is { } failure
                ? HealthCheckResult.Degraded("The provider's metadata could not be fetched again; the keys known so far are used.", failure)
                : problems.Count > 0 ? HealthCheckResult.Degraded(string.Join(' ', problems.Select(p => p.Text)))
                : HealthCheckResult.Healthy();
        }
        catch (ProviderUnavailableException e)
        {
            return new(
                context.Registration.FailureStatus,
                $"The provider's metadata and keys cannot be fetched from {options.Value.Authority}: nobody can sign in, and logout tokens are answered with 503.",
                e.InnerException);
        }
    }
}
