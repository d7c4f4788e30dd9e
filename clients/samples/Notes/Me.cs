using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;

namespace Notes;

/// <summary>Who is signed in, for scripts and tests. It answers 401 and never redirects, so that "signed out" can be seen.</summary>
internal static class Me
{
    public static IResult Get(HttpContext context, ClaimsPrincipal person)
    {
        context.Response.Headers.CacheControl = "no-store";
        return person.Identity?.IsAuthenticated is true
            ? Results.Json(new
            {
                sub = person.FindFirstValue("sub"),
                sid = person.FindFirstValue("sid"),
                name = person.Identity.Name,
                email = person.FindFirstValue("email"),
                auth_time = long.TryParse(person.FindFirstValue("auth_time"), out var seconds) ? seconds : (long?)null,
            })
            : SignedOut();
    }

    /// <summary>Only for tests, see README: an application never hands its tokens to a browser.</summary>
    public static async Task<IResult> GetTokens(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return await context.GetTokenAsync("id_token") is { } idToken
            ? Results.Json(new
            {
                id_token = idToken,
                access_token = await context.GetTokenAsync("access_token"),
                refresh_token = await context.GetTokenAsync("refresh_token"),
            })
            : SignedOut();
    }

    private static IResult SignedOut() => Results.Json(new { error = "signed_out" }, statusCode: 401);
}
