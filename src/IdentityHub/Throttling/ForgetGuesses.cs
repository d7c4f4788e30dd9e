using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Throttling;

/// <summary>Removes what no rule remembers any more. In batches, so that no statement holds many rows.</summary>
internal sealed partial class ForgetGuesses(IServiceScopeFactory scopes, TimeProvider time, ILogger<ForgetGuesses> logger) : Recurring(TimeSpan.FromMinutes(10), time)
{
    private const int Batch = 1000;

    // Longer than the highest level that the rules let anybody reach takes to be forgotten.
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await ForgetAsync(stopping) == Batch;

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    /// <summary>Forgets up to one batch; how many.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var before = Time.GetUtcNow() - Keep;
        var old = db.Set<ThrottledKey>().Where(t => t.At == null || t.At < before).OrderBy(t => t.At).Select(t => t.Key).Take(Batch);
        return await db.Set<ThrottledKey>().Where(t => old.Contains(t.Key)).ExecuteDeleteAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(6001, LogLevel.Error, "Forgetting old guesses failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
