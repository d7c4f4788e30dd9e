using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace IdentityHub.Client.Pages;

/// <summary>
/// The few plain pages this package answers with itself. They carry nothing from the request, run no script and cannot
/// be framed. Only <see cref="SignOut"/> has a form.
/// </summary>
internal static class AnswerPage
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{font:1rem/1.5 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}
        main{max-width:26rem;padding:2rem}h1{font-size:1.4rem;margin:0 0 .5rem}p{margin:0 0 1.5rem}
        a{color:LinkText}button{font:inherit;padding:.5rem 1rem;cursor:pointer}
        """;

    private static readonly string Policy =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Style)))}'; base-uri 'none'; frame-ancestors 'none'";

    public static Task SignedOut(HttpContext context, IdentityHubOptions options) => WriteAsync(
        context, options, 200, "signed-out", "You were signed out",
        "Your session was ended. If that was not you, change your password.", "Sign in");

    public static Task Declined(HttpContext context, IdentityHubOptions options) => WriteAsync(
        context, options, 403, "sign-in-declined", "You are not signed in",
        "The sign-in was declined.", "Sign in");

    public static Task SignInFailed(HttpContext context, IdentityHubOptions options) => WriteAsync(
        context, options, 400, "sign-in-failed", "Signing in did not work",
        "It may have taken too long, or the page was opened twice. Nothing was changed.", "Try again");

    public static Task NotSteppedUp(HttpContext context, IdentityHubOptions options) => WriteAsync(
        context, options, 403, "not-stepped-up", "That needs a fresh sign-in",
        "The sign-in service did not confirm again that it is you, or not strongly enough. Nothing was changed.", "Back");

    public static Task ProviderUnavailable(HttpContext context, IdentityHubOptions options) => WriteAsync(
        context, options, 503, "provider-unavailable", "Signing in is not possible right now",
        "The sign-in service cannot be reached. Please try again in a moment.", "Try again");

    // provider: the origin that signing out leads on to, if any.
    public static Task SignOut(HttpContext context, IdentityHubOptions options, string? provider) => WriteAsync(
        context, 200, "sign-out-page", "Sign out?", "You will be signed out here and, where the sign-in service can, everywhere you used it.",
        $"""<form method="post" action="{Encode(context.Request.PathBase + options.SignOutPath)}"><button id="sign-out">Sign out</button></form>""",
        $"'self' {provider}".TrimEnd());

    private static Task WriteAsync(
        HttpContext context, IdentityHubOptions options, int status, string id, string title, string text, string link) => WriteAsync(
        context, status, id, title, text, $"""<a href="{Encode(context.Request.PathBase + options.SignInPath)}">{link}</a>""", "'none'");

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);

    private static Task WriteAsync(HttpContext context, int status, string id, string title, string text, string way, string formAction)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        response.Headers.ContentSecurityPolicy = $"{Policy}; form-action {formAction}";
        response.Headers["Referrer-Policy"] = "no-referrer";
        return response.WriteAsync(
            $"""
            <!doctype html>
            <html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>{title}</title><style>{Style}</style>
            <main id="{id}"><h1>{title}</h1><p>{text}</p>{way}</main></html>
            """,
            context.RequestAborted);
    }
}
