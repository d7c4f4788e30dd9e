using System.Security.Cryptography;
using System.Text;

namespace IdentityHub.Client.Sessions;

/// <summary>
/// A key of one length for values that the provider chooses (iss, sub, sid, jti): 64 hexadecimal digits, whatever they
/// hold and however long they are. The length of each part goes in, so that no two lists of parts read the same.
/// </summary>
internal static class Mark
{
    public static string Of(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
