using System.Threading.Channels;
using IdentityHub.Audit;
using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// Writes what the attempts came to, in batches that form by themselves: alone at rest, together under load. One loop.
/// </summary>
internal sealed partial class DeliverySettler(
    IServiceScopeFactory scopes,
    AuditTrail audit,
    FirstAttempts firstAttempts,
    DeliveryMetrics metrics,
    IOptions<BackChannelLogoutOptions> options,
    TimeProvider time,
    ILogger<DeliverySettler> log)
{
    private const int MostAtOnce = 100;

    /// <summary>Settles until the channel is completed and empty.</summary>
    public async Task RunAsync(ChannelReader<Settlement> outcomes, CancellationToken stopping)
    {
        while (await outcomes.WaitToReadAsync(CancellationToken.None))
        {
            List<Settlement> batch = [];
            while (batch.Count < MostAtOnce && outcomes.TryRead(out var outcome))
            {
                batch.Add(outcome);
            }

            await SettleAsync(batch, stopping);
        }
    }

    // Until the claims have run out: after that the rows are somebody's again, and telling an application twice is
    // harmless where not telling it is not. When the node is to stop, one failure is enough for the same reason.
    private async Task SettleAsync(List<Settlement> batch, CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        while (!await TrySettleAsync(batch))
        {
            if (stopping.IsCancellationRequested || time.GetElapsedTime(started) > options.Value.Lease)
            {
                Log.Dropped(log, batch.Count);
                return;
            }

            await Task.Delay(options.Value.SweepInterval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> TrySettleAsync(List<Settlement> batch)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            foreach (var written in await DueDeliveries.In(scope.ServiceProvider.GetRequiredService<HubDb>(), audit).SettleAsync(batch))
            {
                metrics.Written(written);
                Report(written);
            }

            firstAttempts.Ring(batch.ConvertAll(s => s.Delivery));
            return true;
        }
        catch (Exception ex)
        {
            metrics.Failed();
            Log.NotWritten(log, batch.Count, ex);
            return false;
        }
    }

    private void Report(Settlement settlement)
    {
        var delivery = settlement.Delivery;
        switch (settlement.State)
        {
            case var _ when settlement.RungAgain && !settlement.Concluded:
                Log.RungAgain(log, delivery.Id, delivery.ClientId, settlement.Words);
                break;
            case DeliveryState.Confirmed:
                Log.Confirmed(log, delivery.Id, delivery.ClientId, settlement.Attempts);
                break;
            case DeliveryState.Pending:
                Log.Failed(log, delivery.Id, delivery.ClientId, settlement.Attempts, settlement.Words, settlement.NextAttemptAt!.Value);
                break;
            default:
                Log.GivenUp(log, delivery.Id, delivery.ClientId, settlement.State, settlement.Attempts, settlement.Words);
                break;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5011, LogLevel.Debug, "Delivery {DeliveryId}: {ClientId} confirmed at attempt {Attempts}.")]
        public static partial void Confirmed(ILogger logger, Guid deliveryId, string clientId, int attempts);

        [LoggerMessage(5012, LogLevel.Warning, "Delivery {DeliveryId}: {ClientId} did not confirm at attempt {Attempts} ({Outcome}); the next is at {NextAttemptAt:O}.")]
        public static partial void Failed(ILogger logger, Guid deliveryId, string clientId, int attempts, string outcome, DateTimeOffset nextAttemptAt);

        [LoggerMessage(5013, LogLevel.Error, "Delivery {DeliveryId}: {ClientId} is {State} after {Attempts} attempts ({Outcome}); it may still have the session.")]
        public static partial void GivenUp(ILogger logger, Guid deliveryId, string clientId, DeliveryState state, int attempts, string outcome);

        [LoggerMessage(5016, LogLevel.Debug, "Delivery {DeliveryId}: {ClientId} was rung again ({Outcome}).")]
        public static partial void RungAgain(ILogger logger, Guid deliveryId, string clientId, string outcome);

        [LoggerMessage(5014, LogLevel.Error, "The outcome of {Count} attempts could not be written.")]
        public static partial void NotWritten(ILogger logger, int count, Exception exception);

        [LoggerMessage(5015, LogLevel.Error, "The outcome of {Count} attempts is lost; those applications are told again when the claims have run out.")]
        public static partial void Dropped(ILogger logger, int count);
    }
}
