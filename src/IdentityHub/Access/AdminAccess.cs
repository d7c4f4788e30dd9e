using IdentityHub.Pages;
using IdentityHub.Sessions;

namespace IdentityHub.Access;

/// <summary>Which capability a page of the administration needs; held by a test for every address below <c>/admin</c>.</summary>
/// <param name="Capability">The capability.</param>
internal sealed record NeedsCapability(Capability Capability);

/// <summary>That who asks is the person of a session of the hub, as on every page.</summary>
/// <param name="Page">Where they return to after proving who they are; null: the address of the request.</param>
internal sealed record AsAdministrator(string? Page);

/// <summary>
/// Stands before every page and act of the administration. To whoever is no administrator they do not exist (404);
/// an administrator needs a second factor in the session, and for an act a recent proof (ASVS 7.5.1, 8.2.1).
/// </summary>
internal static class AdminAccess
{
    /// <summary>Where an administrator without a second factor learns what is missing.</summary>
    public const string SecondFactorPath = "/admin/second-factor";

    /// <param name="endpoint">The page or act.</param>
    /// <param name="capability">What it needs. One that changes something needs a recent proof as well.</param>
    /// <param name="page">The page that the person returns to after proving who they are; null: the address of the request.</param>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Capability capability, string? page = null)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new NeedsCapability(capability), new AsAdministrator(page));

    /// <summary>Before the endpoints run, and with them whatever reads what was sent.</summary>
    public static void UseAdminAccess(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<AsAdministrator>() is { } asked && await RefusalAsync(http, asked.Page ?? Back(http.Request)) is { } refusal)
        {
            await refusal.ExecuteAsync(http);
            return;
        }

        await next(http);
    });

    private static async Task<IResult?> RefusalAsync(HttpContext http, string page)
    {
        var needed = http.GetEndpoint()!.Metadata.GetRequiredMetadata<NeedsCapability>().Capability;
        if (CurrentSession.Of(http) is not { } session)
        {
            return SeeOther.To(ReturnUrl.Through("/sign-in", page));
        }

        if (await http.RequestServices.GetRequiredService<Administrators>().RoleOfAsync(session.UserId, http.RequestAborted) is not { } role)
        {
            return TypedResults.NotFound();
        }

        if (!Proof.IsMultiFactor(session.Amr))
        {
            return SeeOther.To(session.HasSecondFactor ? ReturnUrl.Through("/confirm-identity", page) : SecondFactorPath);
        }

        http.Features.Set(new CurrentAdministrator(session, role));
        return !role.Has(needed) ? TypedResults.StatusCode(StatusCodes.Status403Forbidden)
            : needed.IsReading() ? null
            : http.RequestServices.GetRequiredService<RecentAuthentication>().Detour(session, page);
    }

    // The page itself; an act has none, and names its page.
    private static string Back(HttpRequest request) => HttpMethods.IsGet(request.Method) ? $"{request.Path}{request.QueryString}" : "/admin";
}
