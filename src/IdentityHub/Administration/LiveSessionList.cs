using IdentityHub.Data;
using IdentityHub.Persons;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>Live sessions, of one person or of all, in pages of the index of live rows.</summary>
internal sealed class LiveSessionList(HubDb db, TimeProvider time)
{
    /// <summary>How many of its applications a session of a list has.</summary>
    public const int ApplicationsListed = 20;

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

        var rows = await RowsAsync(live.OrderBy(s => s.UserId).ThenBy(s => s.Id).Take(limit + 1), limit, cancel);
        return new([.. rows.Take(limit)], rows.Count > limit ? new(rows[limit - 1].Person, rows[limit - 1].Id) : null);
    }

    /// <summary>Null when it is not live.</summary>
    public async Task<LiveSession?> FindAsync(Guid id, CancellationToken cancel) =>
        (await RowsAsync(db.Live(time.GetUtcNow()).AsNoTracking().Where(s => s.Id == id), 1, cancel)).SingleOrDefault();

    /// <summary>One page of the applications that are open in a session, by client id.</summary>
    /// <param name="session">The session, live or not.</param>
    /// <param name="after">The last client id of the page before; null for the first.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<LiveSessionApplications> ApplicationsAsync(Guid session, string? after, int limit, CancellationToken cancel)
    {
#pragma warning disable CA1309, CA1310 // It is SQL that compares.
        var rows = await (
            from p in db.Set<SessionParticipant>()
            join r in db.Set<RelyingParty>() on p.ClientId equals r.ClientId
            where p.SessionId == session && (after == null || string.Compare(p.ClientId, after) > 0)
            orderby p.ClientId
            select new LiveSessionApplication(p.ClientId, r.DisplayName ?? p.ClientId)).Take(limit + 1).ToListAsync(cancel);
#pragma warning restore CA1309, CA1310
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].ClientId : null);
    }

    private async Task<List<LiveSession>> RowsAsync(IQueryable<UserSession> sessions, int shown, CancellationToken cancel)
    {
        var rows = await sessions.Select(s => new { Session = s, s.User!.Email }).ToListAsync(cancel);
        var open = await OpenApplications.FirstAsync(db, [.. rows.Take(shown).Select(r => r.Session.Id)], ApplicationsListed, cancel);
        return rows.ConvertAll(r =>
        {
            var (s, those) = (r.Session, open.GetValueOrDefault(r.Session.Id, OpenInSession.None));
            return new LiveSession(
                s.Id, s.UserId, r.Email, s.Device ?? s.UserAgent, s.IpAddress, s.CreatedAt, s.LastSeenAt, s.AuthenticatedAt, s.Amr, s.ExpiresAt,
                [.. those.First.Select(a => new LiveSessionApplication(a.ClientId, a.Name))], those.Count);
        });
    }
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
/// <param name="Applications">Where the person went with it: the first 20 by client id.</param>
/// <param name="ApplicationCount">To how many applications in all; <c>/api/v1/sessions/{session}/applications</c> has them, in pages.</param>
public sealed record LiveSession(
    Guid Id, Guid Person, string? Email, string? Device, string? Address, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset AuthenticatedAt, string Amr,
    DateTimeOffset ExpiresAt, IReadOnlyList<LiveSessionApplication> Applications, int ApplicationCount);

/// <param name="Applications">Of this page.</param>
/// <param name="Next">The cursor of the next page; null on the last.</param>
public sealed record LiveSessionApplications(IReadOnlyList<LiveSessionApplication> Applications, string? Next);

/// <param name="ClientId">The <c>client_id</c>.</param>
/// <param name="Name">Its name.</param>
public sealed record LiveSessionApplication(string ClientId, string Name);
