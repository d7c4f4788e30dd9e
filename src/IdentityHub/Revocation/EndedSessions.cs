using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Revocation;

/// <summary>
/// Forgets sessions that ended longer ago than <c>Sessions:KeepEnded</c>, with their participants and deliveries. In
/// batches, so that no statement holds many rows; a session that still owes somebody a delivery stays. The act of
/// revocation and the audit are kept.
/// </summary>
internal sealed partial class EndedSessions(
    IServiceScopeFactory scopes, IOptions<Sessions.SessionOptions> options, TimeProvider time, ILogger<EndedSessions> logger) : Recurring(TimeSpan.FromMinutes(10), time)
{
    private const int Batch = 500;

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await ForgetAsync(stopping) == Batch;

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    /// <summary>Forgets up to one batch; how many sessions it found.</summary>
    internal async Task<int> ForgetAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var before = Time.GetUtcNow() - options.Value.KeepEnded;
        var old = await db.Set<UserSession>().AsNoTracking()
            .Where(s => s.EndedAt < before && !db.Set<LogoutDelivery>().Any(d => d.SessionId == s.Id && d.State == DeliveryState.Pending))
            .OrderBy(s => s.EndedAt)
            .Select(s => s.Id)
            .Take(Batch)
            .ToListAsync(cancel);
        return await db.InTransactionAsync(async () =>
        {
            await db.Set<LogoutDelivery>().Where(d => old.Contains(d.SessionId)).ExecuteDeleteAsync(cancel);
            await db.Set<SessionParticipant>().Where(p => old.Contains(p.SessionId)).ExecuteDeleteAsync(cancel);
            await db.Set<UserSession>().Where(s => old.Contains(s.Id)).ExecuteDeleteAsync(cancel);
            return old.Count;
        }, cancel: cancel);
    }

    private static partial class Log
    {
        [LoggerMessage(4011, LogLevel.Error, "Forgetting sessions that ended long ago failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
