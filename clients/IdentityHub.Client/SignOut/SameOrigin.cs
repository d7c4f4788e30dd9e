using Microsoft.AspNetCore.Http;

namespace IdentityHub.Client.SignOut;

/// <summary>
/// Whether a request was sent by a page of this very origin. SameSite=Lax keeps other sites out, but not a sibling
/// domain or another port of this host, which are the same site.
/// </summary>
internal static class SameOrigin
{
    public static bool Sent(HttpRequest request)
    {
        if (request.Headers["Sec-Fetch-Site"] is [{ } site, ..])
        {
            return site == "same-origin";
        }

        // Browsers leave Sec-Fetch-* out on plain http, and old ones always; Origin is on every POST of theirs.
        return request.Headers.Origin is [{ } origin] && origin == $"{request.Scheme}://{request.Host}";
    }
}
