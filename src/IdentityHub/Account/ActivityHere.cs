using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/activity</c>: sign-ins, failures, changes and ends, with time, device and address.</summary>
internal static class ActivityHere
{
    public const string Path = "/account/activity";

    /// <param name="before">Where the page begins; what is no cursor begins at the newest.</param>
    /// <param name="session">Whose.</param>
    /// <param name="log">The audit.</param>
    /// <param name="cancel">The request's.</param>
    public static async Task<RazorComponentResult<ActivityPageView>> Get(
        [FromQuery] string? before, CurrentSession session, ActivityLog log, CancellationToken cancel)
    {
        var cursor = Guid.TryParse(before, out var id) ? id : (Guid?)null;
        return new(new { Page = await log.PageAsync(session.UserId, cursor, ActivityLog.PageSize, cancel), Newest = cursor is null });
    }
}
