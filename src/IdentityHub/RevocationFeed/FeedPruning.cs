using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.RevocationFeed;

/// <summary>
/// Forgets entries that nobody can need any more, the oldest first and in batches. Some minutes later than a position
/// becomes too old to resume from: an entry may have been written by a transaction that began long before its commit.
/// </summary>
internal sealed partial class FeedPruning(
    IServiceScopeFactory scopes, IOptions<RevocationFeedOptions> options, TimeProvider time, ILogger<FeedPruning> logger) : Recurring(TimeSpan.FromMinutes(1), time)
{
    internal const int Batch = 1000;
    internal static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await ForgetAsync(stopping) == Batch;

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    /// <summary>Forgets up to one batch; how many there were.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var before = Time.GetUtcNow() - options.Value.KeepFor - Grace;
        // By the primary key, so that it reads the oldest and stops, however many there are.
        var oldest = await db.Set<FeedEntry>().OrderBy(e => e.Id).Select(e => new { e.Id, e.At }).Take(Batch).ToListAsync(cancel);
        var old = oldest.Where(e => e.At < before).Select(e => e.Id).ToList();
        return old.Count == 0 ? 0 : await db.Set<FeedEntry>().Where(e => old.Contains(e.Id)).ExecuteDeleteAsync(cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(7004, LogLevel.Error, "Forgetting old entries of the revocation feed failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
