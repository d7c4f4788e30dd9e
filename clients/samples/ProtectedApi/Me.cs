using System.Security.Claims;

namespace ProtectedApi;

/// <summary>Whose token it was, for scripts and tests.</summary>
internal static class Me
{
    public static IResult Get(HttpContext context, ClaimsPrincipal caller)
    {
        context.Response.Headers.CacheControl = "no-store";
        return Results.Json(new
        {
            sub = caller.FindFirstValue("sub"),
            sid = caller.FindFirstValue("sid"),
            client_id = caller.FindFirstValue("client_id"),
            scope = caller.FindFirstValue("scope"),
        });
    }
}
