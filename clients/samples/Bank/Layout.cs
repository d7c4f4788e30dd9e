using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;

namespace Bank;

/// <summary>The frame of every page: one round trip, no outside parts, nothing that works only with script.</summary>
internal static class Layout
{
    // A page in the Back button's memory shows what it showed. Asking the server again shows the truth.
    private const string Script = "addEventListener('pageshow',e=>{if(e.persisted)location.reload()})";

    private static readonly string Style = Read("Style.css");

    public static IResult Page(HttpContext context, string title, string body)
    {
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        // form-action names the hub too: browsers apply it to where a form's redirects lead, and signing out leads there.
        var hub = new Uri(context.RequestServices.GetRequiredService<IConfiguration>()["Hub:Authority"]!).GetLeftPart(UriPartial.Authority);
        headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src '{Hash(Style)}'; script-src '{Hash(Script)}'; img-src data:; form-action 'self' {hub}; base-uri 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "same-origin";
        headers.XContentTypeOptions = "nosniff";
        return Results.Content(
            $"""
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{title}</title><link rel="icon" href="data:,"><style>{Style}</style><script>{Script}</script></head>
            <body><header><a class="brand" href="/"><span aria-hidden="true">◈</span> Bank</a>{Person(context.User)}</header>
            <main>{body}</main></body></html>
            """,
            "text/html; charset=utf-8");
    }

    public static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    private static string Person(ClaimsPrincipal person) => person.Identity?.IsAuthenticated is not true
        ? """<a class="button" id="sign-in" href="/sign-in?returnUrl=/dashboard">Sign in</a>"""
        : $"""<form method="post" action="/sign-out"><span class="name">{Encode(person.Identity.Name ?? person.FindFirstValue("sub"))}</span><button id="sign-out">Sign out</button></form>""";

    private static string Hash(string text) => "sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(Layout).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
