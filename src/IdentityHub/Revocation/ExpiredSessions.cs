using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Revocation;

/// <summary>
/// Ends the sessions whose time is over, so that their relying parties are told (unless <c>Sessions:TellOnExpiry</c> is
/// off) and what is bound to the sessions dies with them. Whether a session may be used never
/// waits for this: every check compares the instants itself.
/// </summary>
internal sealed partial class ExpiredSessions(
    IServiceScopeFactory scopes, IOptions<Sessions.SessionOptions> options, TimeProvider time, ILogger<ExpiredSessions> logger) : Recurring(TimeSpan.FromSeconds(15), time)
{
    private const int Batch = 200;

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await SweepAsync(stopping) == Batch;

    protected override void Failed(Exception problem) => Log.Failed(logger, problem);

    /// <summary>Ends up to one batch; how many it found.</summary>
    internal async Task<int> SweepAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var revoker = scope.ServiceProvider.GetRequiredService<SessionRevoker>();
        var now = Time.GetUtcNow();
        var expired = await db.Set<UserSession>().AsNoTracking()
            .Where(s => s.EndedAt == null && s.ExpiresAt <= now)
            .OrderBy(s => s.ExpiresAt)
            .Select(s => new { s.Id, Absolute = s.AbsoluteExpiresAt <= now })
            .Take(Batch)
            .ToListAsync(cancel);
        foreach (var session in expired)
        {
            var reason = session.Absolute ? RevocationReason.AbsoluteTimeout : RevocationReason.IdleTimeout;
            await revoker.EndSessionAsync(session.Id, reason, Initiator.System, options.Value.TellOnExpiry);
            db.ChangeTracker.Clear();
        }

        return expired.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(4001, LogLevel.Error, "Ending expired sessions failed; they are refused all the same and the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
