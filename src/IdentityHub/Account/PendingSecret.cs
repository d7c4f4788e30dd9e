using System.Security.Cryptography;
using IdentityHub.Factors;
using IdentityHub.Sessions;
using Microsoft.AspNetCore.DataProtection;

namespace IdentityHub.Account;

/// <summary>
/// The secret of an authenticator that nobody has proved to have yet. It travels in the form, sealed for this session and
/// half an hour, and stands in no table: it cannot be used to sign in before it is proved (specs.md §8 case 35).
/// </summary>
internal sealed class PendingSecret(IDataProtectionProvider protection)
{
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);

    public string Seal(CurrentSession session, byte[] secret) => Protector(session).Protect(Convert.ToBase64String(secret), Life);

    /// <summary>The secret; null when it was not sealed for this session, or too long ago.</summary>
    public byte[]? Open(CurrentSession session, string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : Convert.FromBase64String(Protector(session).Unprotect(text)) is { Length: Totp.SecretBytes } secret ? secret : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private ITimeLimitedDataProtector Protector(CurrentSession session) =>
        protection.CreateProtector("IdentityHub.Account.PendingSecret", session.Id.ToString()).ToTimeLimitedDataProtector();
}
