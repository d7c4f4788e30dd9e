using System.Threading.Channels;
using IdentityHub.Audit;
using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// Gives up, at its horizon, what waits behind an open breaker: one probe at a time would take for ever to make the last
/// attempts at a hundred thousand. Everything else makes its last attempt in the dispatcher.
/// </summary>
internal sealed partial class HorizonSweep(
    IServiceScopeFactory scopes,
    AuditTrail audit,
    CircuitBreakers breakers,
    DeliverySettler settler,
    DeliveryMetrics metrics,
    IOptions<BackChannelLogoutOptions> options,
    TimeProvider time,
    ILogger<HorizonSweep> log) : Recurring(TimeSpan.FromSeconds(30), time)
{
    private const int Batch = 500;

    protected override async Task<bool> DoAsync(CancellationToken stopping) => await GiveUpAsync(stopping) == Batch;

    protected override void Failed(Exception problem)
    {
        metrics.Failed();
        Log.Failed(log, problem);
    }

    /// <summary>Gives up at most one batch; how many.</summary>
    internal async Task<int> GiveUpAsync(CancellationToken stopping)
    {
        List<string> silent = [.. breakers.NotClosed().Keys];
        if (silent.Count == 0)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var due = DueDeliveries.In(scope.ServiceProvider.GetRequiredService<HubDb>(), audit);
        var now = Time.GetUtcNow();
        var claimed = await due.ClaimBeyondHorizonAsync(silent, Batch, now, now + options.Value.Lease);
        var outcomes = Channel.CreateUnbounded<Settlement>();
        claimed.ForEach(delivery => outcomes.Writer.TryWrite(Settlement.GivenUp(delivery, now)));
        outcomes.Writer.Complete();
        await settler.RunAsync(outcomes.Reader, stopping);
        return claimed.Count;
    }

    private static partial class Log
    {
        [LoggerMessage(5041, LogLevel.Error, "Giving up what is beyond its horizon failed; the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
