using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace IdentityHub.Client.Sessions;

/// <summary>For connections that outlive the look at the session with which they began: server-sent events, WebSockets, SignalR.</summary>
public static class SessionEnd
{
    /// <summary>How often the store is asked: an end is noticed this much later at most.</summary>
    public static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Waits until the session of this request has ended, by a logout of the provider, by signing out or by its timeouts,
    /// on whatever node. Close the connection then: without this it would serve somebody who is signed out for as long as it
    /// stays open. Waiting is no use of the session, so an open page does not keep it from ending when it is idle. It costs
    /// one <see cref="ISessionStore.FindAsync"/> in every <see cref="LookInterval"/>.
    /// </summary>
    /// <param name="context">The request that carries the session's cookie; one without a live session has ended.</param>
    /// <param name="cancellationToken">Ends the wait, for example because the browser is gone or the application stops.</param>
    /// <returns>True when the session has ended, false when the wait was ended.</returns>
    public static async Task<bool> SessionEndsAsync(this HttpContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var sessions = context.RequestServices.GetRequiredService<SignedInSessions>();
        using var looks = new PeriodicTimer(LookInterval, context.RequestServices.GetRequiredService<TimeProvider>());
        try
        {
            while (await sessions.PeekAsync(context, cancellationToken) is not null)
            {
                await looks.WaitForNextTickAsync(cancellationToken);
            }

            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
