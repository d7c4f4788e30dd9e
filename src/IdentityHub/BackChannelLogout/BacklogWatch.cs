using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.BackChannelLogout;

/// <summary>Looks now and then at what is due, for the gauges: an observation must not ask the database by itself.</summary>
internal sealed partial class BacklogWatch(IServiceScopeFactory scopes, DeliveryMetrics metrics, TimeProvider time, ILogger<BacklogWatch> log) : Recurring(TimeSpan.FromSeconds(30), time)
{
    protected override async Task<bool> DoAsync(CancellationToken stopping)
    {
        await LookAsync(stopping);
        return false;
    }

    protected override void Failed(Exception problem)
    {
        metrics.Failed();
        Log.Failed(log, problem);
    }

    /// <summary>Looks once.</summary>
    internal async Task LookAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = Time.GetUtcNow();
        metrics.Due(await scope.ServiceProvider.GetRequiredService<HubDb>().Set<LogoutDelivery>()
            .Where(d => d.NextAttemptAt <= now && (d.LeasedUntil == null || d.LeasedUntil <= now))
            .GroupBy(d => d.ClientId)
            .Select(g => new Backlog(g.Key, g.Count(), g.Min(d => d.NextAttemptAt)!.Value))
            .ToListAsync(stopping));
    }

    private static partial class Log
    {
        [LoggerMessage(5051, LogLevel.Warning, "What is due could not be counted; the gauges keep their last values.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
