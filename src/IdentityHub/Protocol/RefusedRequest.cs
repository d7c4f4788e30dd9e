using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Protocol;

/// <summary>
/// A request that the engine refused and that must not be answered by a redirect, because nothing in it can be
/// believed (RFC 9700 §4.11.2, RP-Initiated Logout §4): the person sees a page instead.
/// </summary>
internal static class RefusedRequest
{
    public static IResult? Of(HttpContext context)
    {
        if (context.GetOpenIddictServerResponse() is not { Error: { } error } response)
        {
            return null;
        }

        return new RazorComponentResult<ErrorPage>(new Dictionary<string, object?>
        {
            [nameof(ErrorPage.Error)] = error,
            [nameof(ErrorPage.Description)] = response.ErrorDescription,
        })
        { StatusCode = StatusCodes.Status400BadRequest };
    }
}
