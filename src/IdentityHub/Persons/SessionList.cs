using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Persons;

/// <summary>Where a person is signed in.</summary>
internal sealed class SessionList(HubDb db, TimeProvider time)
{
    public const int PageSize = 20;

    /// <summary>How many of its applications are named with a session.</summary>
    public const int ApplicationsNamed = 10;

    /// <summary>The live sessions of a page, this one first and then the one that was used last; two queries, however many there are.</summary>
    /// <param name="session">The session that asks.</param>
    /// <param name="page">From 1.</param>
    /// <param name="cancel">The request's.</param>
    public Task<SessionPage> PageAsync(CurrentSession session, int page, CancellationToken cancel) => PageAsync(session.UserId, session.Id, page, cancel);

    /// <summary>The same for somebody else, who may be the person as well.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="present">The session that asks.</param>
    /// <param name="page">From 1.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<SessionPage> PageAsync(Guid userId, Guid present, int page, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var live = db.Live(now).Where(s => s.UserId == userId);
        var rows = await live
            .OrderByDescending(s => s.Id == present).ThenByDescending(s => s.LastSeenAt).ThenByDescending(s => s.Id)
            .Skip((page - 1) * PageSize).Take(PageSize)
            .Select(s => new
            {
                s.Id,
                s.Device,
                s.UserAgent,
                s.IpAddress,
                s.CreatedAt,
                s.LastSeenAt,
                s.AuthenticatedAt,
                s.Amr,
                Total = live.Count(),
            })
            .ToListAsync(cancel);
        var open = await OpenApplications.FirstAsync(db, rows.ConvertAll(s => s.Id), ApplicationsNamed, cancel);
        return new(page, rows.FirstOrDefault()?.Total ?? 0, [.. rows.Select(s => (Row: s, Open: open.GetValueOrDefault(s.Id, OpenInSession.None))).Select(s => new ListedSession(
            s.Row.Id, s.Row.Device ?? UserAgent.Describe(s.Row.UserAgent), s.Row.IpAddress, s.Row.CreatedAt, s.Row.LastSeenAt, s.Row.AuthenticatedAt, s.Row.Amr,
            [.. s.Open.First.Select(a => a.Name).Order(StringComparer.CurrentCultureIgnoreCase)], s.Open.Count - s.Open.First.Count, s.Row.Id == present))]);
    }
}

public sealed record SessionPage(int Number, int Total, IReadOnlyList<ListedSession> Sessions)
{
    public int Last => Math.Max(1, (Total + SessionList.PageSize - 1) / SessionList.PageSize);
}

/// <summary>A live session, with the names of the first applications that are open in it, and how many there are besides.</summary>
public sealed record ListedSession(
    Guid Id,
    string Device,
    string? Address,
    DateTimeOffset FirstSeen,
    DateTimeOffset LastSeen,
    DateTimeOffset Authenticated,
    string Amr,
    IReadOnlyList<string> Applications,
    int More,
    bool Present);
