using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;

namespace IdentityHub.Protocol;

/// <summary>Removes tokens, grants and posted requests that are of no more use, in small statements, once an hour.</summary>
internal sealed partial class Pruning(IServiceScopeFactory scopes, TimeProvider time, ILogger<Pruning> logger) : Recurring(TimeSpan.FromHours(1), time)
{
    /// <summary>A redeemed code or refresh token is remembered this long, so that its reuse is recognised.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(14);

    protected override async Task<bool> DoAsync(CancellationToken stopping)
    {
        await PruneAsync(stopping);
        return false;
    }

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    internal async Task PruneAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var now = Time.GetUtcNow();
        await services.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(now - Keep, cancel);
        await services.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(now - Keep, cancel);
        await services.GetRequiredService<HubDb>().Set<PostedRequest>().Where(r => r.ExpiresAt <= now).ExecuteDeleteAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "Pruning old tokens failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
