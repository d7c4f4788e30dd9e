using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace IdentityHub.Persons;

/// <summary>
/// Erases what is personal of an account that closes. Every table that refers to a person is emptied of them, unless it
/// is named here with the reason why it stays: a table that is added later is erased without anybody having to think of it.
/// </summary>
internal sealed class PersonalData(HubDb db, TimeProvider time)
{
    /// <summary>What stays, without what is personal in it: the identifier, which is never given to anybody else, points at nobody any more.</summary>
    private static readonly Type[] Kept =
    [
        typeof(UserSession), // The applications are still being told that they ended.
        typeof(RevocationRecord), // Who ended what, and who confirmed.
        typeof(AuditEntry), // What happened (ASVS 16.2.1).
        typeof(FeedEntry), // Those who validate tokens themselves must hear of it; gone within the hour.
    ];

    /// <summary>The account itself, and what belongs to it. Called in the transaction that holds the person's row for change.</summary>
    public async Task EraseAsync(Guid userId)
    {
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.ClrType is var type && !Kept.Contains(type) && e.FindProperty("UserId") is not null && !e.IsMappedToJson()))
        {
            await DeleteAsync(entity, userId);
        }

        var name = $"closed-{userId:N}";
        var now = time.GetUtcNow();
        // The address becomes free: whoever registers with it gets another sub (Core §2).
        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(u => u
            .SetProperty(x => x.UserName, name)
            .SetProperty(x => x.NormalizedUserName, name.ToUpperInvariant())
            .SetProperty(x => x.Email, (string?)null)
            .SetProperty(x => x.NormalizedEmail, (string?)null)
            .SetProperty(x => x.EmailConfirmed, false)
            .SetProperty(x => x.PhoneNumber, (string?)null)
            .SetProperty(x => x.PhoneNumberConfirmed, false)
            .SetProperty(x => x.DisplayName, "")
            .SetProperty(x => x.PasswordHash, (string?)null)
            .SetProperty(x => x.TwoFactorEnabled, false)
            .SetNewStamps()
            .SetProperty(x => x.DisabledAt, now)
            .SetProperty(x => x.ClosedAt, now));
    }

    /// <summary>Where the person was: in the sessions and in the audit. Last, because ending sessions writes entries.</summary>
    public async Task EraseTracesAsync(Guid userId)
    {
        await db.Set<UserSession>().Where(s => s.UserId == userId).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.UserAgent, (string?)null)
            .SetProperty(x => x.Device, (string?)null)
            .SetProperty(x => x.IpAddress, (string?)null));
        // With the salt, so that the chain's hash of the two says nothing about them any more.
        // What an administrator did to the person shows where the administrator was, and goes with that account.
        var asAdministrator = Initiator.Administrator(userId).Name;
        await db.Set<AuditEntry>().Where(e => (e.UserId == userId && !e.Actor.StartsWith(AuditEntry.Administrator)) || e.Actor == asAdministrator).ExecuteUpdateAsync(e => e
            .SetProperty(x => x.UserAgent, (string?)null)
            .SetProperty(x => x.TraceSalt, (byte[]?)null)
            .SetProperty(x => x.IpAddress, (string?)null));
    }

    private Task<int> DeleteAsync(IEntityType entity, Guid userId)
    {
        var table = entity.GetTableName();
        var column = entity.FindProperty("UserId")!.GetColumnName();
#pragma warning disable EF1002 // The names are the model's own; the value is a parameter.
        return db.Database.ExecuteSqlRawAsync($"DELETE FROM {table} WHERE {column} = {{0}}", userId);
#pragma warning restore EF1002
    }
}
