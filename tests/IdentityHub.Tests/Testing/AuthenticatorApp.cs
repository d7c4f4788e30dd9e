using System.Globalization;
using System.Security.Cryptography;

namespace IdentityHub.Tests.Testing;

/// <summary>An authenticator app, written apart from the hub: what people type from their telephones.</summary>
internal sealed class AuthenticatorApp(string key)
{
    private readonly byte[] _secret = Decode(key);

    public string CodeAt(DateTimeOffset instant)
    {
        var counter = BitConverter.GetBytes(instant.ToUnixTimeSeconds() / 30);
        Array.Reverse(counter);
#pragma warning disable CA5350 // What these apps speak.
        var hash = HMACSHA1.HashData(_secret, counter);
#pragma warning restore CA5350
        var offset = hash[19] & 15;
        var number = ((hash[offset] & 127) << 24) | (hash[offset + 1] << 16) | (hash[offset + 2] << 8) | hash[offset + 3];
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>A code that is good now, where the one of this instant was used: it may not be shown twice.</summary>
    public string NextAfter(DateTimeOffset used)
    {
        var (next, now) = (used.AddSeconds(30), TimeProvider.System.GetUtcNow());
        return CodeAt(next > now ? next : now);
    }

    private static byte[] Decode(string text)
    {
        var bits = string.Concat(text.Where(char.IsAsciiLetterOrDigit)
            .Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2))];
    }
}
