using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Revocation;

/// <summary>What is known of one application after an act of revocation. Only <c>Confirmed</c> means that it answered "done" (I8).</summary>
public enum ConfirmationState
{
    Confirmed,

    /// <summary>No answer yet; the hub keeps trying.</summary>
    Waiting,

    /// <summary>It answered that it will not; the hub does not try again.</summary>
    Refused,

    /// <summary>It never answered, and the hub has stopped trying.</summary>
    Unconfirmed,

    /// <summary>It registered no address to be told at.</summary>
    Unreachable,
}

public sealed record Confirmation(string Application, ConfirmationState State);

/// <summary>Answers, for the pages, which applications have confirmed an act of revocation.</summary>
internal sealed class Confirmations(HubDb db, LogoutDeliveries deliveries, IOptions<BackChannelLogoutOptions> options)
{
    /// <summary>
    /// Waits until each application has been tried once, at most for <c>BackChannelLogout:LogoutWait</c> (I1): the
    /// revocation is committed already, and leaving early costs nothing but the answer.
    /// </summary>
    public Task WaitAsync(Ended ended, CancellationToken cancel) => ended.RelyingParties == 0
        ? Task.CompletedTask
        : deliveries.WaitForFirstAttemptsAsync(ended.RevocationId, options.Value.LogoutWait, cancel);

    /// <summary>Every application that took part in a session the act ended, by name: also those that cannot be told.</summary>
    public async Task<IReadOnlyList<Confirmation>> OfAsync(Guid revocationId)
    {
        var told = await deliveries.OfRevocationAsync(revocationId);
        var untold = await (
            from s in db.Set<UserSession>()
            join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId into registered
            from r in registered.DefaultIfEmpty()
            where s.RevocationId == revocationId && !db.Set<LogoutDelivery>().Any(d => d.SessionId == s.Id && d.ClientId == p.ClientId && d.RevocationId == revocationId)
            select r.DisplayName ?? p.ClientId).ToListAsync();
        return [.. told.Select(d => new Confirmation(d.DisplayName, Of(d.State)))
            .Concat(untold.Select(name => new Confirmation(name, ConfirmationState.Unreachable)))
            .OrderBy(c => c.Application, StringComparer.CurrentCultureIgnoreCase)];
    }

    private static ConfirmationState Of(DeliveryState state) => state switch
    {
        DeliveryState.Confirmed => ConfirmationState.Confirmed,
        DeliveryState.Rejected => ConfirmationState.Refused,
        DeliveryState.Unconfirmed => ConfirmationState.Unconfirmed,
        _ => ConfirmationState.Waiting,
    };
}
