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
    public async Task<IReadOnlyList<Confirmation>> OfAsync(Guid revocationId) =>
        [.. (await StandingsOf(revocationId).ToListAsync())
            .Select(s => new Confirmation(s.Application, Of(s.State), s.State is null ? FrontChannel(s.Address, s.Sid) : null))
            .OrderBy(c => c.Application, StringComparer.CurrentCultureIgnoreCase)];

    /// <summary>The same, counted by the database: at most a row for each application and state, however many sessions the act ended.</summary>
    public async Task<IReadOnlyList<ConfirmationCount>> CountAsync(Guid revocationId)
    {
        var counts = await StandingsOf(revocationId)
            .GroupBy(s => new { s.ClientId, s.Application, s.State }).Select(same => new { same.Key, Count = same.Count() }).ToListAsync();
        return counts.ConvertAll(c => new ConfirmationCount(c.Key.ClientId, c.Key.Application, Of(c.Key.State), c.Count));
    }

    // Each application of each session that the act ended: with its delivery, or without one where it has no address to be
    // told at. In words that both databases know: this is asked after every sign-out, and to put the query together anew
    // each time costs as much as to carry it out.
    private IQueryable<Standing> StandingsOf(Guid revocationId) => db.Database.SqlQuery<Standing>(
        $"""
        SELECT d.client_id AS "ClientId", coalesce(r.display_name, d.client_id) AS "Application", d.state AS "State", NULL AS "Address", d.sid AS "Sid"
        FROM logout_deliveries d
        LEFT JOIN relying_parties r ON r.client_id = d.client_id
        WHERE d.revocation_id = {revocationId}
        UNION ALL
        SELECT p.client_id, coalesce(r.display_name, p.client_id), NULL, r.front_channel_logout_uri, s.sid
        FROM user_sessions s
        JOIN session_participants p ON p.session_id = s.id
        LEFT JOIN relying_parties r ON r.client_id = p.client_id
        WHERE s.revocation_id = {revocationId}
          AND NOT EXISTS (SELECT 1 FROM logout_deliveries d WHERE d.session_id = s.id AND d.client_id = p.client_id AND d.revocation_id = {revocationId})
        """);

    // Front-Channel Logout §2: iss and sid, both or neither. The registered query is kept.
    private Uri? FrontChannel(string? address, string sid) => address is null
        ? null
        : new Uri(QueryHelpers.AddQueryString(address, new Dictionary<string, string?> { ["iss"] = hub.Value.Issuer, ["sid"] = sid }));

    private static ConfirmationState Of(string? state) => state switch
    {
        null => ConfirmationState.Unreachable,
        nameof(DeliveryState.Confirmed) => ConfirmationState.Confirmed,
        nameof(DeliveryState.Rejected) => ConfirmationState.Refused,
        nameof(DeliveryState.Unconfirmed) => ConfirmationState.Unconfirmed,
        _ => ConfirmationState.Waiting,
    };

    /// <summary>One application in one session. Without <see cref="State"/> there is no delivery to it.</summary>
    private sealed class Standing
    {
        public required string ClientId { get; init; }
        public required string Application { get; init; }
        public required string? State { get; init; }
        public required string? Address { get; init; }
        public required string Sid { get; init; }
    }
}
