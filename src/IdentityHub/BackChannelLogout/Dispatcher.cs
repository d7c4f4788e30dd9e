using System.Threading.Channels;
using IdentityHub.Audit;
using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// Claims due deliveries, has them attempted side by side, and passes the outcomes on to be written. One loop claims,
/// each attempt goes its own way, one loop settles. Nothing waits for a batch: what a hanging application holds is its
/// own few attempts for one timeout, and then, until it answers again, one probe now and then.
/// </summary>
internal sealed partial class Dispatcher(
    IServiceScopeFactory scopes,
    AuditTrail audit,
    Doorbell doorbell,
    DeliveryAttempt attempt,
    DeliverySettler settler,
    CircuitBreakers breakers,
    DeliveryMetrics metrics,
    IOptions<BackChannelLogoutOptions> options,
    TimeProvider time,
    ILogger<Dispatcher> log) : BackgroundService
{
    // What may wait to be written: a database that writes slowly slows the sending down, and not the memory up.
    private const int MostUnwritten = 1000;

    private readonly InFlight _inFlight = new(options.Value.InFlight, options.Value.PerRelyingParty);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        using var giveBack = new CancellationTokenSource();
        var outcomes = Channel.CreateBounded<Settlement>(new BoundedChannelOptions(MostUnwritten) { SingleReader = true });
        var settling = settler.RunAsync(outcomes.Reader, stopping);
        var attempts = await ClaimAsync(outcomes.Writer, giveBack.Token, stopping);

        // The drain: what is under way may finish, for a while; the rest is given back for another node to take at once.
        giveBack.CancelAfter(options.Value.DrainWithin);
        await Task.WhenAll(attempts);
        outcomes.Writer.Complete();
        await settling;
    }

    /// <returns>The attempts that are still under way.</returns>
    private async Task<List<Task>> ClaimAsync(ChannelWriter<Settlement> outcomes, CancellationToken giveBack, CancellationToken stopping)
    {
        List<Task> attempts = [];
        while (!stopping.IsCancellationRequested)
        {
            var claims = await TryClaimAsync();
            attempts.RemoveAll(attempt => attempt.IsCompleted);
            attempts.AddRange((claims ?? []).Select(claim => Task.Run(() => AttemptAsync(claim, outcomes, giveBack), CancellationToken.None)));

            // After a failure rings do not count: they would turn an outage into a hot loop.
            var wait = claims is null ? Task.Delay(options.Value.SweepInterval, time, stopping) : doorbell.WaitAsync(options.Value.SweepInterval, stopping);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return attempts;
    }

    private async Task<IReadOnlyList<Claim>?> TryClaimAsync()
    {
        var allowance = _inFlight.Look(breakers.NotClosed());
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<HubDb>();
            var now = time.GetUtcNow();
            var deliveries = await DueDeliveries.In(db, audit).ClaimAsync(allowance, options.Value.PerRelyingParty, now, now + options.Value.Lease);
            var receivers = deliveries.Count == 0 ? [] : await Receiver.FindAsync(db, [.. deliveries.Select(d => d.ClientId).Distinct()]);
            if (_inFlight.Begin(allowance, deliveries.ConvertAll(d => d.ClientId)))
            {
                doorbell.Ring();
            }

            return [.. deliveries.Select(d => new Claim(d, receivers.GetValueOrDefault(d.ClientId)))];
        }
        catch (Exception ex)
        {
            metrics.Failed();
            Log.NotClaimed(log, ex);
            return null;
        }
    }

    // The next may begin while this one's outcome is being written: the row stays claimed until it is.
    private async Task AttemptAsync(Claim claim, ChannelWriter<Settlement> outcomes, CancellationToken giveBack)
    {
        await outcomes.WriteAsync(await attempt.MakeAsync(claim.Delivery, claim.Receiver, giveBack), CancellationToken.None);
        if (_inFlight.End(claim.Delivery.ClientId))
        {
            doorbell.Ring();
        }
    }

    private sealed record Claim(LogoutDelivery Delivery, Receiver? Receiver);

    private static partial class Log
    {
        [LoggerMessage(5021, LogLevel.Error, "Due deliveries could not be claimed; the dispatcher goes on.")]
        public static partial void NotClaimed(ILogger logger, Exception exception);
    }
}
