using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>Where a walk through the hub ended: a page of the hub, or an address outside with no body.</summary>
internal sealed record Page(Uri Address, HttpStatusCode Status, string Html)
{
    /// <summary>By 302 or 303; never 307 or 308, which would carry a posted password on (RFC 9700 §2.1).</summary>
    public bool Redirects => Status is HttpStatusCode.Redirect or HttpStatusCode.SeeOther;

    public Dictionary<string, StringValues> Query => QueryHelpers.ParseQuery(Address.Query);

    public bool Shows(string elementId) => Html.Contains($"id=\"{elementId}\"", StringComparison.Ordinal);

    public HtmlForm? Form(string elementId) => HtmlForm.Holding(Html, elementId);

    /// <summary>The OAuth error of the redirect or of the error page, or null.</summary>
    public OAuthError? Error => Query.TryGetValue("error", out var code)
        ? new OAuthError(code.ToString(), Query.GetValueOrDefault("error_description").ToString(), (int)Status)
        : HtmlForm.TextOf(Html, "error") is { } shown ? new OAuthError(shown, null, (int)Status) : null;

    public InvalidOperationException Unexpected(string expected) =>
        new($"Expected {expected}; the hub answered {(int)Status} at {Address}: {Html[..Math.Min(Html.Length, 2000)]}");
}
