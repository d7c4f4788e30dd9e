using System.Security.Cryptography;
using System.Text.Json;
using IdentityHub.Data;
using IdentityHub.Users;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace IdentityHub.Account;

/// <summary>
/// Between the password and the second factor: a sealed cookie that says who has shown which password, in this browser,
/// a few minutes ago. It is no session and opens nothing but the question for the second factor; it dies with the
/// password it was given for, and when the second factor changes.
/// </summary>
internal sealed class HalfLogin(IDataProtectionProvider protection, IOptions<HubOptions> hub, TimeProvider time)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _seal = protection.CreateProtector("IdentityHub.Account.HalfLogin");
    private readonly bool _https = hub.Value.Https;

    private string Name => _https ? "__Host-hub-half" : "hub-half";

    public void Write(HttpContext context, User user, bool? remember) =>
        context.Response.Cookies.Append(Name, _seal.Protect(JsonSerializer.Serialize(new Content(user.Id, user.SecurityStamp!, remember, time.GetUtcNow() + Life))), Attributes());

    /// <summary>Who has shown the password, and the security stamp the account had then; null when nobody has, or it is too long ago.</summary>
    public Half? Read(HttpContext context)
    {
        if (context.Request.Cookies[Name] is not { Length: > 0 and < 2000 } text)
        {
            return null;
        }

        try
        {
            var content = JsonSerializer.Deserialize<Content>(_seal.Unprotect(text))!;
            return content.Until > time.GetUtcNow() ? new(content.User, content.Stamp, content.Remember) : null;
        }
        catch (CryptographicException)
        {
            // Forged, or sealed by a key that is gone: as if it had not been sent.
            return null;
        }
    }

    public void Expire(HttpContext context) => context.Response.Cookies.Delete(Name, Attributes());

    private CookieOptions Attributes() => new() { HttpOnly = true, Secure = _https, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };

    private sealed record Content(Guid User, string Stamp, bool? Remember, DateTimeOffset Until);
}

/// <param name="UserId">Who has shown the password.</param>
/// <param name="Stamp">The security stamp of the account at that time.</param>
/// <param name="Remember">Whether they chose to stay signed in, as <see cref="Admission"/> takes it.</param>
internal sealed record Half(Guid UserId, string Stamp, bool? Remember);
