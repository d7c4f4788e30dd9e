using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.BackChannelLogout;

/// <summary>Looks now and then at what is due, for the gauges: an observation must not ask the database by itself.</summary>
internal sealed partial class BacklogWatch(IServiceScopeFactory scopes, DeliveryMetrics metrics, TimeProvider time, ILogger<BacklogWatch> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                metrics.Failed();
                Log.Failed(log, problem);
            }
        }
    }

    /// <summary>Looks once.</summary>
    internal async Task LookAsync(CancellationToken stopping)
    {
        await using var scope = scopes.CreateAsyncScope();
        var now = time.GetUtcNow();
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
