using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Devices;

/// <summary>Forgets browsers whose cookie has run out. In batches, so that no statement holds many rows.</summary>
internal sealed partial class ForgetDevices(IServiceScopeFactory scopes, TimeProvider time, ILogger<ForgetDevices> logger) : Recurring(TimeSpan.FromHours(1), time)
{
    private const int Batch = 500;

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await ForgetAsync(stopping) == Batch;

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    /// <summary>Forgets up to one batch; how many.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var before = Time.GetUtcNow() - DeviceCookie.Life;
        var old = db.Set<KnownDevice>().Where(d => d.LastUsedAt < before).OrderBy(d => d.LastUsedAt).Select(d => d.Id).Take(Batch);
        return await db.Set<KnownDevice>().Where(d => old.Contains(d.Id)).ExecuteDeleteAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(6011, LogLevel.Error, "Forgetting browsers that nobody uses any more failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
