using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using IdentityHub.Keys;

namespace IdentityHub.Mail;

/// <summary>
/// Seals what waits to be sent: it holds links, and whoever reads the database must not be able to follow them before the
/// person does (ASVS 6.5.2 has them hashed at rest for the same reason).
/// </summary>
/// <remarks>
/// Not by data protection: that may have to write a new key, which inside the act's own transaction would wait for it.
/// </remarks>
internal sealed class MailSeal(KeySeal seal)
{
    private const string Use = "mail";

    public byte[] Close(SealedMail mail) => seal.Seal(JsonSerializer.SerializeToUtf8Bytes(mail), Use);

    /// <exception cref="CryptographicException">It is not one of ours.</exception>
    /// <exception cref="Data.SettingException">It was sealed under another installation secret.</exception>
    public SealedMail Open(byte[] content) => JsonSerializer.Deserialize<SealedMail>(seal.Open(content, Use))!;

    /// <summary>The same for all spellings that belong to one account.</summary>
    public static byte[] Hash(string address) => SHA256.HashData(Encoding.UTF8.GetBytes(address.Normalize().ToUpperInvariant()));
}

internal sealed record SealedMail(string Recipient, string Subject, string Text, string Html, string Language);
