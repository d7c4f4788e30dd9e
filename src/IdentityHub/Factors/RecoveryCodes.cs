using System.Security.Cryptography;
using System.Text;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Factors;

/// <summary>Ten codes for the day the authenticator is lost: shown once, kept as hashes, each good for one sign-in.</summary>
internal sealed class RecoveryCodes(HubDb db, TimeProvider time)
{
    public const int Count = 10;

    // 32 letters and digits without 0, 1, I and O, which are mistaken for one another: 50 bits in ten of them (ASVS 6.5.4 asks 20).
    private const string Alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    private const int Length = 10;
    private const int Iterations = 100_000;

    /// <summary>In the caller's transaction: new codes, and no old one is good any more.</summary>
    public async Task<IReadOnlyList<string>> RenewAsync(Guid userId)
    {
        await RemoveAsync(userId);
        var (salt, now) = (RandomNumberGenerator.GetBytes(16), time.GetUtcNow());
        var codes = Enumerable.Range(0, Count).Select(_ => RandomNumberGenerator.GetString(Alphabet, Length)).ToList();
        db.AddRange(codes.Select(code => new RecoveryCode { UserId = userId, Hash = Hash(code, salt), Salt = salt, CreatedAt = now }));
        await db.SaveChangesAsync();
        return codes.ConvertAll(code => $"{code[..5]}-{code[5..]}");
    }

    /// <summary>Uses a code up. Of requests with the same code one is answered true.</summary>
    public async Task<bool> UseAsync(Guid userId, string? typed)
    {
        var code = Normalize(typed);
        var salt = await db.Set<RecoveryCode>().Where(c => c.UserId == userId).Select(c => c.Salt).FirstOrDefaultAsync();
        var hash = Hash(code, salt ?? new byte[16]);
        return salt is not null && await db.Set<RecoveryCode>().Where(c => c.UserId == userId && c.Hash == hash).ExecuteDeleteAsync() == 1;
    }

    public Task<int> LeftAsync(Guid userId, CancellationToken cancel) => db.Set<RecoveryCode>().CountAsync(c => c.UserId == userId, cancel);

    public Task RemoveAsync(Guid userId) => db.Set<RecoveryCode>().Where(c => c.UserId == userId).ExecuteDeleteAsync();

    private static byte[] Hash(string code, byte[] salt) =>
        Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(code), salt, Iterations, HashAlgorithmName.SHA512, 32);

    // As people type: in small letters, with or without the hyphen.
    private static string Normalize(string? typed) =>
        typed is { Length: <= 40 } ? string.Concat(typed.Where(char.IsAsciiLetterOrDigit)).ToUpperInvariant() : "";
}
