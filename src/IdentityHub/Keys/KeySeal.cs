using System.Security.Cryptography;
using System.Text;
using IdentityHub.Data;

namespace IdentityHub.Keys;

/// <summary>
/// Encrypts what the database must keep and may not know, with AES-256-GCM under a key derived from the installation
/// secret. A sealed value opens only for the use it was sealed for.
/// </summary>
internal sealed class KeySeal(InstallationSecret secret)
{
    // Version, nonce, tag, ciphertext.
    private const byte Version = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;

    // RFC 5869: the secret serves other uses by other labels without one telling anything about another.
    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret.Value, 32, info: "IdentityHub seal 1"u8.ToArray());

    public byte[] Seal(ReadOnlySpan<byte> plain, string use)
    {
        var box = new byte[HeadBytes + plain.Length];
        box[0] = Version;
        var nonce = box.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(nonce, plain, box.AsSpan(HeadBytes), box.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(use));
        return box;
    }

    public byte[] Open(ReadOnlySpan<byte> box, string use)
    {
        if (box.Length < HeadBytes || box[0] != Version)
        {
            throw new CryptographicException($"The sealed value for '{use}' is not one of this version; the database was written by a newer hub or is damaged.");
        }

        var plain = new byte[box.Length - HeadBytes];
        using var aes = new AesGcm(_key, TagBytes);
        try
        {
            aes.Decrypt(box.Slice(1, NonceBytes), box[HeadBytes..], box.Slice(1 + NonceBytes, TagBytes), plain, Encoding.UTF8.GetBytes(use));
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            throw new SettingException("Keys:Secret (or the key file hub.key) does not open the keys in the database, which are sealed under another one; every node on this database needs the same Keys:Secret, or the same hub.key in its Hub:DataFolder.");
        }
    }
}
