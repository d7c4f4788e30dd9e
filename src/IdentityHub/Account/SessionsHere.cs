using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace IdentityHub.Account;

/// <summary><c>/account/sessions</c>: where the person is signed in, and the ways to end it (ASVS 7.5.2).</summary>
internal static class SessionsHere
{
    public const string Path = "/account/sessions";

    // Beyond it nobody has pages, and the arithmetic of the offset stays within its type.
    private const int LastPossiblePage = 1_000_000;

    public static async Task<IResult> Get(CurrentSession session, SessionList list, [FromQuery] int? page, CancellationToken cancel)
    {
        var sessions = await list.PageAsync(session, Math.Clamp(page ?? 1, 1, LastPossiblePage), cancel);
        return sessions is { Sessions.Count: 0, Number: > 1 }
            ? SeeOther.To(Path)
            : new RazorComponentResult<SessionsPage>(new { Page = sessions });
    }
}
