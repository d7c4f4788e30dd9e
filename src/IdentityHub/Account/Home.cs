using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary><c>/</c>: who is signed in here, and which applications are open in this session.</summary>
internal static class Home
{
    public static async Task<IResult> Get(HttpContext context, HubDb db, Administrators administrators)
    {
        if (CurrentSession.Of(context) is not { } session)
        {
            return SeeOther.To("/sign-in");
        }

        var applications = await db.Set<SessionParticipant>()
            .Where(p => p.SessionId == session.Id)
            .Join(db.Set<RelyingParty>(), p => p.ClientId, r => r.ClientId, (p, r) => new { r.DisplayName, p.ClientId, p.FirstSeenAt })
            .ToListAsync(context.RequestAborted);

        return new RazorComponentResult<HomePage>(new
        {
            session.Name,
            session.Email,
            IsAdministrator = await administrators.RoleOfAsync(session.UserId, context.RequestAborted) is not null,
            Since = session.AuthenticatedAt,
            Applications = applications
                .Select(a => new HomePage.OpenApplication(a.DisplayName ?? a.ClientId, a.FirstSeenAt))
                .OrderBy(a => a.Name, StringComparer.CurrentCulture)
                .ToList(),
        });
    }
}
