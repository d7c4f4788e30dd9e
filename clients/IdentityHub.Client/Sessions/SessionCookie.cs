using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace IdentityHub.Client.Sessions;

/// <summary>
/// The cookie holds 256 random bits and nothing else; the store knows only their SHA-256. A value that we did not issue
/// finds nothing, and every sign-in issues a new one (session fixation).
/// </summary>
internal static class SessionCookie
{
    private const int ValueLength = 43; // 32 bytes in base64url

    public static string NewValue() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static string KeyOf(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(value)));

    /// <summary>The store's key for the request's cookie, or null when it carries none of ours.</summary>
    public static string? ReadKey(HttpRequest request, string name) =>
        request.Cookies.TryGetValue(NameFor(request, name), out var value) && value.Length == ValueLength && Base64Url.IsValid(value)
            ? KeyOf(value)
            : null;

    public static void Write(HttpContext context, string name, string value) =>
        context.Response.Cookies.Append(NameFor(context.Request, name), value, Attributes(context.Request));

    public static void Expire(HttpContext context, string name) =>
        context.Response.Cookies.Delete(NameFor(context.Request, name), Attributes(context.Request));

    // RFC 6265bis §4.1.3.2: a browser takes a __Host- cookie only over https, for one host, so that neither a sibling
    // domain nor a plain http response can plant one.
    private static string NameFor(HttpRequest request, string name) => request.IsHttps ? "__Host-" + name : name;

    private static CookieOptions Attributes(HttpRequest request) => new()
    {
        HttpOnly = true,
        Secure = request.IsHttps,
        // Lax and not Strict: the first request after the provider's redirect must carry it.
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}
