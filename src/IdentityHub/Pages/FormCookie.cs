namespace IdentityHub.Pages;

/// <summary>
/// The cookie that ties a form to this browser. Secure where the issuer is https, not where the request is: behind a
/// proxy that ends TLS the request is plain http, and the browser is not.
/// </summary>
internal sealed class FormCookie : CookieBuilder
{
    private readonly bool https;

    public FormCookie(bool https)
    {
        this.https = https;
        Name = https ? "__Host-hub-form" : "hub-form";
        Path = "/";
        HttpOnly = true;
        IsEssential = true;
        // Lax and not Strict: a redirect from a relying party would not carry a strict cookie, the page it leads to would
        // set a new one, and a form that is open in another tab would be refused. Neither goes with a cross-site POST.
        SameSite = SameSiteMode.Lax;
        SecurePolicy = CookieSecurePolicy.None;
    }

    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var cookie = base.Build(context, expiresFrom);
        cookie.Secure = https;
        return cookie;
    }
}
