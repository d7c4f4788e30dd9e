using System.Buffers.Text;
using System.Security.Cryptography;
using IdentityHub.Data;
using Microsoft.Extensions.Options;

namespace IdentityHub.Devices;

/// <summary>The cookie that tells a browser from others: an opaque random value that means nothing without its row.</summary>
internal sealed class DeviceCookie(IOptions<HubOptions> hub)
{
    /// <summary>How long a browser stays known without being used.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromDays(180);

    private readonly bool _https = hub.Value.Https;

    public string Name => _https ? "__Host-hub-device" : "hub-device";

    public static string NewValue() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    /// <summary>What the database knows the cookie by; null where there is none that can be one of ours.</summary>
    public byte[]? ReadHash(HttpRequest request) =>
        request.Cookies[Name] is { Length: 43 } value && Base64Url.IsValid(value) ? Hash(value) : null;

    public static byte[] Hash(string value) => SHA256.HashData(Base64Url.DecodeFromChars(value));

    // Strict: only our own forms need it, and they are not sent from elsewhere.
    public void Write(HttpResponse response, string value) => response.Cookies.Append(Name, value, new CookieOptions
    {
        HttpOnly = true,
        Secure = _https,
        SameSite = SameSiteMode.Strict,
        Path = "/",
        MaxAge = Life,
        IsEssential = true,
    });
}
