using IdentityHub.Access;
using IdentityHub.Pages;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Admin;

/// <summary>
/// The pages of the administration: see it, end it, prove it. What they show and do is <c>Administration</c>'s, which the
/// API and the command line share; each address says which capability it needs.
/// </summary>
internal static class AdminSetup
{
    public static WebApplicationBuilder AddAdmin(this WebApplicationBuilder builder)
    {
        builder.Services.AddScoped<StillThere>();
        return builder;
    }

    public static WebApplication MapAdmin(this WebApplication app)
    {
        app.MapGet(AdminAccess.SecondFactorPath, SecondFactorMissing);
        app.MapPeople();
        app.MapParties();
        app.MapAuditPages();
        return app;
    }

    // Said to administrators alone; to everybody else there is no administration.
    private static async Task<IResult> SecondFactorMissing(HttpContext context, Administrators administrators) =>
        CurrentSession.Of(context) is not { } session || await administrators.RoleOfAsync(session.UserId, context.RequestAborted) is null ? TypedResults.NotFound()
            : Proof.IsMultiFactor(session.Amr) ? SeeOther.To(AdminPaths.Overview)
            : new RazorComponentResult<SecondFactorMissingPage>();
}
