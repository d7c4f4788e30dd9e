using System.Buffers.Text;
using System.Security.Cryptography;

namespace IdentityHub.Sessions;

/// <summary>
/// The session cookie: an opaque random value that means nothing without the row that holds its hash. It says who
/// the browser is, never what the session is allowed.
/// </summary>
internal sealed class SessionCookie(bool https)
{
    private const int Bytes = 32;

    // ASVS 3.3.3: the __Host- prefix pins the cookie to this host, path / and Secure. Plain http is for development
    // on loopback, where a browser would refuse the prefix.
    public string Name { get; } = https ? "__Host-hub" : "hub";

    public static string NewValue() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>A <c>sid</c> (Back-Channel Logout §2.1): 192 random bits, unrelated to any cookie.</summary>
    public static string NewSid() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(24));

    /// <summary>What the database knows the cookie by; null for a value that cannot be one of ours.</summary>
    public static byte[]? Hash(string? value) =>
        value is { Length: 43 } && Base64Url.IsValid(value) ? SHA256.HashData(Base64Url.DecodeFromChars(value)) : null;

    public string? Read(HttpRequest request) => request.Cookies[Name];

    /// <param name="response">Gets the cookie.</param>
    /// <param name="value">Its value.</param>
    /// <param name="until">How long the browser keeps it; null until it is closed.</param>
    public void Write(HttpResponse response, string value, DateTimeOffset? until = null)
    {
        var attributes = Attributes();
        attributes.Expires = until;
        response.Cookies.Append(Name, value, attributes);
    }

    public void Expire(HttpResponse response) => response.Cookies.Delete(Name, Attributes());

    // Lax and not Strict: a relying party's redirect to the authorization endpoint must carry it (specs.md §7.2).
    private CookieOptions Attributes() => new()
    {
        HttpOnly = true,
        Secure = https,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        IsEssential = true,
    };
}
