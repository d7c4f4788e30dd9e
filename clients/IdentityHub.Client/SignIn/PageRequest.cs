using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace IdentityHub.Client.SignIn;

/// <summary>
/// Whether somebody looks at the answer. A page is sent to sign in; a script's request gets 401, because it would follow
/// the redirect to the provider and fail there without telling why.
/// </summary>
internal static class PageRequest
{
    public static bool Is(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IDisableCookieRedirectMetadata>() is not null)
        {
            return false;
        }

        var headers = context.Request.Headers;
        if (headers["Sec-Fetch-Mode"] is [{ } mode, ..])
        {
            return mode == "navigate";
        }

        var accept = headers.Accept.ToString();
        return accept.Length == 0
            || accept.Contains("text/html", StringComparison.OrdinalIgnoreCase)
            || accept.Contains("*/*", StringComparison.Ordinal);
    }
}
