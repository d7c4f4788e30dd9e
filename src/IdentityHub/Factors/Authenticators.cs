using System.Security.Cryptography;
using IdentityHub.Data;
using IdentityHub.Keys;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Factors;

/// <summary>Keeps the authenticator of a person and takes its codes, each step once.</summary>
internal sealed class Authenticators(HubDb db, KeySeal seal, TimeProvider time)
{
    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(Totp.SecretBytes);

    /// <summary>
    /// Takes the code of the person's authenticator. Of requests with the same code, and be they at the same instant on
    /// two nodes, one is answered true: the row moves on in the statement that asks where it stands.
    /// </summary>
    public async Task<bool> UseAsync(Guid userId, string? code)
    {
        var row = await db.Set<Authenticator>().AsNoTracking().SingleOrDefaultAsync(a => a.UserId == userId);
        return row is not null
            && Totp.FindStep(seal.Open(row.SealedSecret, Use(userId)), code, time.GetUtcNow()) is { } step
            && await db.Set<Authenticator>()
                .Where(a => a.UserId == userId && a.SealedSecret == row.SealedSecret && a.LastStep < step)
                .ExecuteUpdateAsync(a => a.SetProperty(x => x.LastStep, step)) == 1;
    }

    /// <summary>
    /// In the caller's transaction: this secret, from which the person has just shown the code of <paramref name="step"/>,
    /// is their authenticator from now on. An earlier one is gone.
    /// </summary>
    public async Task ReplaceAsync(Guid userId, byte[] secret, long step)
    {
        await db.Set<Authenticator>().Where(a => a.UserId == userId).ExecuteDeleteAsync();
        db.Add(new Authenticator { UserId = userId, SealedSecret = seal.Seal(secret, Use(userId)), LastStep = step, CreatedAt = time.GetUtcNow() });
        await db.SaveChangesAsync();
    }

    public Task RemoveAsync(Guid userId) => db.Set<Authenticator>().Where(a => a.UserId == userId).ExecuteDeleteAsync();

    public Task<DateTimeOffset?> SinceAsync(Guid userId, CancellationToken cancel) =>
        db.Set<Authenticator>().Where(a => a.UserId == userId).Select(a => (DateTimeOffset?)a.CreatedAt).SingleOrDefaultAsync(cancel);

    // A row that was copied to another person's place does not open there.
    private static string Use(Guid userId) => $"authenticator {userId}";
}
