using IdentityHub.Client.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IdentityHub.Client.Startup;

/// <summary>
/// Ends a start that would give an application whose sessions nobody can end: without the endpoints there is no receiver,
/// and without a store there are no sessions. Asked when everything has started, so that the endpoints are there.
/// </summary>
internal sealed class StartupCheck(IServiceProvider services, MappedEndpoints mapped) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            _ = services.GetRequiredService<ISessionStore>();
            return Task.CompletedTask;
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException(
                $"The session store cannot be made: {e.Message} Register what it needs; for DistributedSessionStore that is an IDistributedCache, for example by AddStackExchangeRedisCache.", e);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => mapped.Are
        ? Task.CompletedTask
        : throw new InvalidOperationException("AddIdentityHub was called and MapIdentityHub was not, so the provider could not end sessions here; add app.MapIdentityHub() before the application runs.");

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
