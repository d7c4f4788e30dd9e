using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Devices;

/// <summary>Forgets browsers whose cookie has run out. In batches, so that no statement holds many rows.</summary>
internal sealed partial class ForgetDevices(IServiceScopeFactory scopes, TimeProvider time, ILogger<ForgetDevices> logger) : BackgroundService
{
    private const int Batch = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await ForgetAsync(stoppingToken) == Batch)
                {
                }
            }
            catch (Exception problem) when (problem is not OperationCanceledException)
            {
                Log.Failed(logger, problem);
            }
        }
    }

    /// <summary>Forgets up to one batch; how many.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var before = time.GetUtcNow() - DeviceCookie.Life;
        var old = db.Set<KnownDevice>().Where(d => d.LastUsedAt < before).OrderBy(d => d.LastUsedAt).Select(d => d.Id).Take(Batch);
        return await db.Set<KnownDevice>().Where(d => old.Contains(d.Id)).ExecuteDeleteAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(6011, LogLevel.Error, "Forgetting browsers that nobody uses any more failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
