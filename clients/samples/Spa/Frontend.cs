namespace Spa;

/// <summary>The three files of the browser's side. They hold nothing of a person.</summary>
internal static class Frontend
{
    public static Task Protect(HttpContext context, RequestDelegate next)
    {
        var headers = context.Response.Headers;
        // form-action names the hub too: browsers apply it to where a form's redirects lead, and signing out leads there.
        var hub = new Uri(context.RequestServices.GetRequiredService<IConfiguration>()["Hub:Authority"]!).GetLeftPart(UriPartial.Authority);
        headers.ContentSecurityPolicy =
            $"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self' {hub}; base-uri 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "same-origin";
        return next(context);
    }

    public static async Task File(HttpContext context, string name, string type)
    {
        context.Response.ContentType = type;
        await using var file = typeof(Frontend).Assembly.GetManifestResourceStream(name)!;
        await file.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
