using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityHub.Protocol;

/// <summary>
/// Sealed values the hub hands to the browser between its own pages and believes only from itself: "asked to
/// authenticate at", "the person decided", "this is the sign-out you confirmed". They live ten minutes.
/// </summary>
internal sealed class Markers(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    public string Seal(string purpose, string value) => Protector(purpose).Protect(value, Life);

    public string Seal(string purpose, DateTimeOffset instant) => Seal(purpose, instant.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture));

    /// <summary>The value, null when it was not sealed here for this purpose or is too old.</summary>
    public string? Open(string purpose, string? sealedValue)
    {
        if (string.IsNullOrEmpty(sealedValue))
        {
            return null;
        }

        try
        {
            return Protector(purpose).Unprotect(sealedValue);
        }
        catch (CryptographicException)
        {
            // Forged, expired, or of another purpose: as if it had not been sent.
            return null;
        }
    }

    public DateTimeOffset? OpenInstant(string purpose, string? sealedValue) =>
        long.TryParse(Open(purpose, sealedValue), CultureInfo.InvariantCulture, out var milliseconds)
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;

    private ITimeLimitedDataProtector Protector(string purpose) => protection.CreateProtector("IdentityHub.Protocol", purpose).ToTimeLimitedDataProtector();
}
