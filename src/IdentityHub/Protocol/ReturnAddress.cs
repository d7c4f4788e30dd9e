using Microsoft.AspNetCore.WebUtilities;

namespace IdentityHub.Protocol;

/// <summary>Where the person comes back to after a page on the way: the request as it came, and one value more.</summary>
internal static class ReturnAddress
{
    /// <summary>The address of this request with <paramref name="name"/> set, or with it left out when there is no value.</summary>
    /// <remarks>A value of an earlier page is replaced and not repeated: a parameter may stand only once (RFC 6749 §3.1).</remarks>
    public static string Of(HttpContext context, string name, string? value = null)
    {
        var query = context.Features.Get<PostedRequests.OriginalQuery>()?.Value ?? context.Request.QueryString;
        var kept = QueryHelpers.ParseQuery(query.Value).Where(p => p.Key != name);
        var address = context.Request.Path + QueryString.Create(kept).Value;
        return value is null ? address : QueryHelpers.AddQueryString(address, name, value);
    }
}
