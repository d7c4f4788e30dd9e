using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace IdentityHub.Factors;

/// <summary>Time-based one-time passwords (RFC 6238) as every authenticator app computes them: SHA-1, six digits, 30 seconds. Pure.</summary>
internal static class Totp
{
    public const int Digits = 6;

    /// <summary>RFC 4226 §4 R6: 160 bits.</summary>
    public const int SecretBytes = 20;

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    public static long StepAt(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / (long)Period.TotalSeconds;

    /// <summary>The code of a step.</summary>
    public static string Code(ReadOnlySpan<byte> secret, long step)
    {
        Span<byte> counter = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // RFC 6238 §1.2: HMAC-SHA-1 is what authenticator apps speak, and is not broken as a MAC.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        // RFC 4226 §5.3: dynamic truncation.
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 0xf)..]) & 0x7fffffff;
        return (number % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
    }

    /// <summary>
    /// The step that the code belongs to, of the present one and its two neighbours (RFC 6238 §5.2, for clocks that are
    /// a little off); null when it belongs to none. Spaces, as apps show them, are left out.
    /// </summary>
    public static long? FindStep(ReadOnlySpan<byte> secret, string? typed, DateTimeOffset now)
    {
        var code = Normalize(typed);
        if (code.Length != Digits)
        {
            return null;
        }

        long? found = null;
        for (var step = StepAt(now) - 1; step <= StepAt(now) + 1; step++)
        {
            // All three, and each in the same time: the answer does not tell how near a guess was.
            if (CryptographicOperations.FixedTimeEquals(System.Text.Encoding.UTF8.GetBytes(Code(secret, step)), System.Text.Encoding.UTF8.GetBytes(code)))
            {
                found ??= step;
            }
        }

        return found;
    }

    /// <summary>What authenticator apps read from the picture (the key-URI format).</summary>
    public static string KeyUri(ReadOnlySpan<byte> secret, string issuer, string account) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(account)}?secret={Base32.Encode(secret)}&issuer={Uri.EscapeDataString(issuer)}&digits={Digits}&period={Period.TotalSeconds}";

    /// <summary>Whether this looks like a code of an app and not like a recovery code.</summary>
    public static bool IsCode(string? typed) => Normalize(typed) is { Length: Digits } code && code.All(char.IsAsciiDigit);

    private static string Normalize(string? typed) => typed is { Length: <= 32 } ? string.Concat(typed.Where(c => !char.IsWhiteSpace(c))) : "";
}
