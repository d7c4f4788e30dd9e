using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>Live sessions, of one person or of all, in pages of the index of live rows.</summary>
internal sealed class LiveSessionList(HubDb db, TimeProvider time)
{
    /// <param name="userId">The person; null for everybody.</param>
    /// <param name="after">Where the page before ended; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<LiveSessionPage> PageAsync(Guid? userId, LiveSessionPlace? after, int limit, CancellationToken cancel)
    {
        var live = db.Live(time.GetUtcNow()).AsNoTracking();
        live = userId is { } person ? live.Where(s => s.UserId == person) : live;
        if (after is { } place)
        {
            live = live.Where(s => s.UserId >= place.UserId && (s.UserId > place.UserId || s.Id > place.Id));
        }

        var rows = await Rows(live.OrderBy(s => s.UserId).ThenBy(s => s.Id).Take(limit + 1)).ToListAsync(cancel);
        return new([.. rows.Take(limit)], rows.Count > limit ? new(rows[limit - 1].Person, rows[limit - 1].Id) : null);
    }

    /// <summary>Null when it is not live.</summary>
    public Task<LiveSession?> FindAsync(Guid id, CancellationToken cancel) =>
        Rows(db.Live(time.GetUtcNow()).AsNoTracking().Where(s => s.Id == id)).SingleOrDefaultAsync(cancel);

    private IQueryable<LiveSession> Rows(IQueryable<UserSession> sessions) => sessions.AsSingleQuery().Select(s => new LiveSession(
        s.Id, s.UserId, s.User!.Email, s.Device ?? s.UserAgent, s.IpAddress, s.CreatedAt, s.LastSeenAt, s.AuthenticatedAt, s.Amr, s.ExpiresAt,
        db.Set<SessionParticipant>().Where(p => p.SessionId == s.Id).OrderBy(p => p.ClientId)
            .Select(p => new LiveSessionApplication(p.ClientId, db.Set<RelyingParty>().Where(r => r.ClientId == p.ClientId).Select(r => r.DisplayName).FirstOrDefault() ?? p.ClientId)).ToList()));
}

/// <param name="Sessions">Of this page.</param>
/// <param name="Next">Where the next page begins; null on the last.</param>
internal sealed record LiveSessionPage(IReadOnlyList<LiveSession> Sessions, LiveSessionPlace? Next);

/// <summary>The place of a session in the order by person.</summary>
internal sealed record LiveSessionPlace(Guid UserId, Guid Id)
{
    public static LiveSessionPlace? Parse(string? text) => text?.Split('/') is [var user, var id] ? new(Guid.Parse(user), Guid.Parse(id)) : null;

    public override string ToString() => $"{UserId}/{Id}";
}

/// <summary>One live session.</summary>
/// <param name="Id">The identifier by which it is ended; no secret.</param>
/// <param name="Person">Whose it is: the <c>sub</c>.</param>
/// <param name="Email">Their address.</param>
/// <param name="Device">What the browser says of itself.</param>
/// <param name="Address">Where it was begun from.</param>
/// <param name="CreatedAt">When the person signed in.</param>
/// <param name="LastSeenAt">When it was last used, to within a part of its idle timeout.</param>
/// <param name="AuthenticatedAt">When the person last proved who they are.</param>
/// <param name="Amr">How (RFC 8176), separated by spaces.</param>
/// <param name="ExpiresAt">When it ends if nobody uses it.</param>
/// <param name="Applications">Where the person went with it.</param>
public sealed record LiveSession(
    Guid Id, Guid Person, string? Email, string? Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset AuthenticatedAt, string Amr,
    DateTimeOffset ExpiresAt, IReadOnlyList<LiveSessionApplication> Applications);

/// <param name="ClientId">The <c>client_id</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record LiveSessionApplication(string ClientId, string Name);
