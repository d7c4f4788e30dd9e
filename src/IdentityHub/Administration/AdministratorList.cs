using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>Who is an administrator, and changing it. One who can administer always stays.</summary>
internal sealed class AdministratorList(HubDb db, Administrators administrators, UserManager<User> users)
{
    public const int PageSize = 50;

    /// <summary>A page in the order of when they got their account.</summary>
    /// <param name="after">The last of the page before; null for the first page.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<AdministratorPage> PageAsync(Guid? after, CancellationToken cancel)
    {
        var last = after ?? Guid.Empty;
        var rows = await (
            from given in db.Set<IdentityUserRole<Guid>>()
            join role in db.Set<Role>() on given.RoleId equals role.Id
            join user in db.Users on given.UserId equals user.Id
            where user.Id > last
            orderby user.Id
            select new { user.Id, user.DisplayName, user.Email, user.DisabledAt, user.TwoFactorEnabled, Passkey = db.Set<IdentityUserPasskey<Guid>>().Any(p => p.UserId == user.Id), Role = role.Name })
            .Take(PageSize + 1).ToListAsync(cancel);
        return new(
            [.. rows.Take(PageSize).Where(r => Capabilities.RoleOf(r.Role) is not null).Select(r => new ListedAdministrator(
                r.Id, r.DisplayName, r.Email ?? "", Capabilities.RoleOf(r.Role)!.Value, r.TwoFactorEnabled || r.Passkey, r.DisabledAt is not null))],
            rows.Count > PageSize ? rows[PageSize - 1].Id : null);
    }

    /// <summary>The person with this address; null when there is none.</summary>
    public async Task<Guid?> FindAsync(string email) => (await users.FindByEmailAsync(email))?.Id;

    /// <summary>Gives a person this role and no other; null takes it away.</summary>
    /// <returns>Null when done.</returns>
    public Task<PersonRefusal?> SetAsync(Guid userId, AdminRole? role, Initiator by) => db.InTransactionAsync(async () =>
    {
        if (!await db.Users.AnyAsync(u => u.Id == userId && u.ClosedAt == null))
        {
            return PersonRefusal.NotThere;
        }

        var now = await administrators.RoleOfAsync(userId, CancellationToken.None);
        if (now is null && role is null)
        {
            return PersonRefusal.AlreadySo;
        }

        if (role is not AdminRole.Administrator && await IsLastAsync(userId))
        {
            return PersonRefusal.LastAdministrator;
        }

        if (now != role)
        {
            await administrators.SetRoleAsync(userId, role, by.Name);
        }

        return (PersonRefusal?)null;
    });

    /// <summary>
    /// Whether this person is the only one who can administer, in a transaction: until its end nobody else stops being
    /// one. To be asked before a person's row is locked.
    /// </summary>
    public async Task<bool> IsLastAsync(Guid userId)
    {
        if (await administrators.RoleOfAsync(userId, CancellationToken.None) is not AdminRole.Administrator)
        {
            return false;
        }

        // Two who take each other's role at the same time come one after the other, and the second one is refused.
        await db.Lock<Role>(RowLock.Change, "name = {0}", AdminRole.Administrator.Name()).Select(r => r.Id).ToListAsync();
        return await administrators.CountAsync(CancellationToken.None) <= 1
            && await db.Users.AnyAsync(u => u.Id == userId && u.DisabledAt == null)
            && await administrators.RoleOfAsync(userId, CancellationToken.None) is AdminRole.Administrator;
    }
}

/// <param name="Administrators">Of this page.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
internal sealed record AdministratorPage(IReadOnlyList<ListedAdministrator> Administrators, Guid? Next);

/// <param name="Id">The person.</param>
/// <param name="Name">Their name.</param>
/// <param name="Email">Their address.</param>
/// <param name="Role">What they are.</param>
/// <param name="SecondFactor">Whether they have what the administration opens with: an authenticator or a passkey.</param>
/// <param name="Disabled">Whether the account signs nobody in.</param>
public sealed record ListedAdministrator(Guid Id, string Name, string Email, AdminRole Role, bool SecondFactor, bool Disabled);
