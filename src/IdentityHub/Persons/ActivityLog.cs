using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Persons;

/// <summary>What happened to a person's account, the newest first: the audit as the person may see it.</summary>
internal sealed class ActivityLog(HubDb db)
{
    public const int PageSize = 25;

    /// <summary>One page in one query, from the index of the person's entries, however many there are.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="before">The last entry of the page before; null for the newest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<ActivityPage> PageAsync(Guid userId, Guid? before, int limit, CancellationToken cancel)
    {
        var entries = db.Set<AuditEntry>().AsNoTracking().Where(e => e.UserId == userId);
        if (before is { } cursor)
        {
            // Identifiers grow with time, on both databases in the order of their text.
            entries = entries.Where(e => e.Id < cursor);
        }

        var rows = await (
            from e in entries.OrderByDescending(e => e.Id).Take(limit + 1)
            join s in db.Set<UserSession>() on e.SessionId equals s.Id into sessions
            from s in sessions.DefaultIfEmpty()
            orderby e.Id descending
            select new { e.Id, e.At, e.Action, e.Actor, e.Details, e.IpAddress, e.UserAgent, Device = s.Device, SessionAgent = s.UserAgent, SessionAddress = s.IpAddress }).ToListAsync(cancel);
        var shown = rows.Take(limit).Select(r => new Activity(
            r.At,
            ActivityWords.Of(r.Action, r.Details),
            ActivityWords.IsFailure(r.Action),
            // The browser in which it was done; of what the hub or an administrator did, the one it was done to: where an
            // administrator sits is not the person's to see.
            r.UserAgent is null || ByOther(r.Actor) ? r.Device ?? Described(r.SessionAgent) : Described(r.UserAgent),
            ByOther(r.Actor) ? r.SessionAddress : r.IpAddress ?? r.SessionAddress)
        {
            Action = r.Action,
            Actor = r.Actor,
            Details = r.Details,
        }).ToList();
        return new(shown, rows.Count > limit ? rows[limit - 1].Id : null);
    }

    private static bool ByOther(string actor) => actor.StartsWith(AuditEntry.Administrator, StringComparison.Ordinal);

    private static string? Described(string? userAgent) => userAgent is null ? null : UserAgent.Describe(userAgent);
}

/// <param name="Entries">What happened.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
public sealed record ActivityPage(IReadOnlyList<Activity> Entries, Guid? Next);

public sealed record Activity(DateTimeOffset At, string What, bool Failure, string? Device, string? Address)
{
    /// <summary>The same as the audit has it, for administrators.</summary>
    public string Action { get; init; } = "";

    public string Actor { get; init; } = "";

    /// <summary>Particulars as JSON.</summary>
    public string? Details { get; init; }
}
