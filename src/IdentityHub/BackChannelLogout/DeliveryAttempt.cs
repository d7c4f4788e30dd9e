using System.Diagnostics;
using System.Security.Cryptography;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.Messaging;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>One attempt at one delivery: a fresh token, a POST, and what follows from the answer. Safe from any thread.</summary>
internal sealed partial class DeliveryAttempt(
    KeyRing keys, LogoutTokenSender sender, CircuitBreakers breakers, IOptions<HubOptions> hub, DeliveryMetrics metrics, TimeProvider time, ILogger<DeliveryAttempt> log)
{
    public async Task<Settlement> MakeAsync(LogoutDelivery delivery, Receiver? receiver, CancellationToken giveBack)
    {
        if (receiver is null)
        {
            return Settlement.WithoutReceiver(delivery, time.GetUtcNow());
        }

        var outcome = await OutcomeAsync(delivery, receiver, giveBack);
        return Settlement.Of(delivery, outcome, time.GetUtcNow(), Jitter());
    }

    private async Task<DeliveryOutcome> OutcomeAsync(LogoutDelivery delivery, Receiver receiver, CancellationToken giveBack)
    {
        // Without the person's or the session's name: traces go where the audit does not.
        using var activity = TraceContext.Continue(delivery.TraceParent, "logout delivery", ActivityKind.Producer);
        activity?.SetTag("identityhub.client_id", delivery.ClientId).SetTag("identityhub.attempt", delivery.Attempts + 1);
        try
        {
            var token = LogoutToken.Create(hub.Value.Issuer, delivery, receiver, keys.ActiveFor(receiver.Algorithm), time.GetUtcNow());
            var outcome = await sender.SendAsync(receiver.Uri, token, giveBack);
            breakers.Heard(delivery, outcome);
            activity?.SetTag("identityhub.outcome", outcome.GetType().Name);
            return outcome;
        }
        catch (Exception ex)
        {
            // A fault of ours, whatever it is, neither ends the worker that all applications need nor counts as an
            // answer of this one.
            metrics.Failed();
            Log.Failed(log, delivery.Id, delivery.ClientId, ex);
            return new DeliveryOutcome.Retry(null, $"not sent: the hub failed ({ex.GetType().Name}), see its log");
        }
    }

    private static double Jitter() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Error, "Delivery {DeliveryId} to {ClientId} could not be attempted; it is tried again.")]
        public static partial void Failed(ILogger logger, Guid deliveryId, string clientId, Exception exception);
    }
}
