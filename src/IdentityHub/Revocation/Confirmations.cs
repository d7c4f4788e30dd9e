using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.WebUtilities;
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

/// <param name="Application">Its name.</param>
/// <param name="State">What is known.</param>
/// <param name="FrontChannel">
/// Where a browser of the person can tell it that the session is over (Front-Channel Logout §2), for one that cannot be
/// told otherwise; null where there is no such address.
/// </param>
public sealed record Confirmation(string Application, ConfirmationState State, Uri? FrontChannel = null);

/// <summary>In how many of the sessions that an act ended an application stands so.</summary>
/// <param name="ClientId">The application.</param>
/// <param name="Application">Its name.</param>
/// <param name="State">What is known.</param>
/// <param name="Sessions">Of how many sessions.</param>
public sealed record ConfirmationCount(string ClientId, string Application, ConfirmationState State, int Sessions);

/// <summary>Answers, for the pages, which applications have confirmed an act of revocation.</summary>
internal sealed class Confirmations(HubDb db, LogoutDeliveries deliveries, IOptions<BackChannelLogoutOptions> options, IOptions<HubOptions> hub)
{
    /// <summary>
    /// Waits until each application has been tried once, at most for <c>BackChannelLogout:LogoutWait</c> (I1): the
    /// revocation is committed already, and leaving early costs nothing but the answer.
    /// </summary>
    public Task WaitAsync(Ended ended, CancellationToken cancel) => ended.RelyingParties == 0
        ? Task.CompletedTask
        : deliveries.WaitForFirstAttemptsAsync(ended.RevocationId, ended.RelyingParties, options.Value.LogoutWait, cancel);

    /// <summary>Whether an application of the act can be told in the person's browser and not otherwise.</summary>
    public Task<bool> AnyInBrowserAsync(Ended ended) => (
        from s in db.Set<UserSession>()
        join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
        join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
        where ended.RevocationId != Guid.Empty && s.RevocationId == ended.RevocationId && r.BackChannelLogoutUri == null && r.FrontChannelLogoutUri != null
        select p.ClientId).AnyAsync();

    /// <summary>Every application that took part in a session the act ended, by name: also those that cannot be told.</summary>
    public async Task<IReadOnlyList<Confirmation>> OfAsync(Guid revocationId)
    {
        // In words that both databases know, and at once: it is asked after every sign-out.
        var found = await db.Database.SqlQuery<Standing>(
            $"""
            SELECT coalesce(r.display_name, d.client_id) AS "Application", d.state AS "State", NULL AS "Address", d.sid AS "Sid"
            FROM logout_deliveries d
            LEFT JOIN relying_parties r ON r.client_id = d.client_id
            WHERE d.revocation_id = {revocationId}
            UNION ALL
            SELECT coalesce(r.display_name, p.client_id), NULL, r.front_channel_logout_uri, s.sid
            FROM user_sessions s
            JOIN session_participants p ON p.session_id = s.id
            LEFT JOIN relying_parties r ON r.client_id = p.client_id
            WHERE s.revocation_id = {revocationId}
              AND NOT EXISTS (SELECT 1 FROM logout_deliveries d WHERE d.session_id = s.id AND d.client_id = p.client_id AND d.revocation_id = {revocationId})
            """).ToListAsync();
        return [.. found.Select(s => s.State is null
                ? new Confirmation(s.Application, ConfirmationState.Unreachable, FrontChannel(s.Address, s.Sid))
                : new Confirmation(s.Application, Of(Enum.Parse<DeliveryState>(s.State))))
            .OrderBy(c => c.Application, StringComparer.CurrentCultureIgnoreCase)];
    }

    /// <summary>The same, counted by the database: at most a row for each application and state, however many sessions the act ended.</summary>
    public async Task<IReadOnlyList<ConfirmationCount>> CountAsync(Guid revocationId)
    {
        var told = await (
            from d in db.Set<LogoutDelivery>()
            join r in db.Set<RelyingParty>() on d.ClientId equals r.ClientId into registered
            from r in registered.DefaultIfEmpty()
            where d.RevocationId == revocationId
            group d by new { d.ClientId, r.DisplayName, d.State } into same
            select new { same.Key, Count = same.Count() }).ToListAsync();
        var untold = await Untold(revocationId)
            .GroupBy(u => new { u.ClientId, u.Name }).Select(same => new { same.Key, Count = same.Count() }).ToListAsync();
        return
        [
            .. told.Select(t => new ConfirmationCount(t.Key.ClientId, t.Key.DisplayName ?? t.Key.ClientId, Of(t.Key.State), t.Count)),
            .. untold.Select(u => new ConfirmationCount(u.Key.ClientId, u.Key.Name ?? u.Key.ClientId, ConfirmationState.Unreachable, u.Count)),
        ];
    }

    // Each application of each session that the act ended, where there is no delivery: it has no address to be told at.
    // OfAsync says the same.
    private IQueryable<Participation> Untold(Guid revocationId) =>
        from s in db.Set<UserSession>()
        join p in db.Set<SessionParticipant>() on s.Id equals p.SessionId
        join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId into registered
        from r in registered.DefaultIfEmpty()
        where s.RevocationId == revocationId && !db.Set<LogoutDelivery>().Any(d => d.SessionId == s.Id && d.ClientId == p.ClientId && d.RevocationId == revocationId)
        select new Participation { ClientId = p.ClientId, Name = r.DisplayName };

    // Front-Channel Logout §2: iss and sid, both or neither. The registered query is kept.
    private Uri? FrontChannel(string? address, string sid) => address is null
        ? null
        : new Uri(QueryHelpers.AddQueryString(address, new Dictionary<string, string?> { ["iss"] = hub.Value.Issuer, ["sid"] = sid }));

    private static ConfirmationState Of(DeliveryState state) => state switch
    {
        DeliveryState.Confirmed => ConfirmationState.Confirmed,
        DeliveryState.Rejected => ConfirmationState.Refused,
        DeliveryState.Unconfirmed => ConfirmationState.Unconfirmed,
        _ => ConfirmationState.Waiting,
    };

    private sealed class Participation
    {
        public required string ClientId { get; init; }
        public required string? Name { get; init; }
    }

    /// <summary>One application, told (with the state of its delivery) or not.</summary>
    private sealed class Standing
    {
        public required string Application { get; init; }
        public required string? State { get; init; }
        public required string? Address { get; init; }
        public required string Sid { get; init; }
    }
}
