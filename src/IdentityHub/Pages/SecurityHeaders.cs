using NetEscapades.AspNetCore.SecurityHeaders.Headers;

namespace IdentityHub.Pages;

/// <summary>The headers of every response, whatever its status (ASVS 3.4.1 to 3.4.8).</summary>
internal static class SecurityHeaders
{
    public static HeaderPolicyCollection For(bool https)
    {
        var policies = new HeaderPolicyCollection()
            .AddContentTypeOptionsNoSniff()
            .AddFrameOptionsDeny()
            .AddReferrerPolicyNoReferrer()
            .AddCustomHeader("Cross-Origin-Opener-Policy", "same-origin")
            .AddCustomHeader("Cross-Origin-Resource-Policy", "same-origin")
            .RemoveServerHeader()
            // Tells a script that these pages do not load what it may do with them.
            .RemoveCustomHeader("blazor-enhanced-nav");
        policies["Content-Security-Policy"] = new ContentSecurityPolicy();

        if (https)
        {
            // By the issuer and not by the request: behind a proxy that ends TLS, the request is plain http.
            policies.AddCustomHeader("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
        }

        return policies;
    }

    private sealed class ContentSecurityPolicy : HeaderPolicyBase
    {
        public override string Header => "Content-Security-Policy";

        protected override string GetValue(HttpContext context) =>
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
            + $"form-action {string.Join(' ', ["'self'", .. FormTargets.Of(context).Sources])}; "
            + (FrameSources.Of(context).Origins is { Count: > 0 } frames ? $"frame-src {string.Join(' ', frames)}; " : "")
            + "frame-ancestors 'none'; base-uri 'none'; object-src 'none'";
    }
}
