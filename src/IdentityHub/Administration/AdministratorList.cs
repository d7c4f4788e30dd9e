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
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<AdministratorPage> PageAsync(Guid? after, int limit, CancellationToken cancel)
    {
        var last = after ?? Guid.Empty;
        var rows = await (
            from given in db.Set<IdentityUserRole<Guid>>()
            join role in db.Set<Role>() on given.RoleId equals role.Id
            join user in db.Users on given.UserId equals user.Id
            where user.Id > last
            orderby user.Id
            select new { user.Id, user.DisplayName, user.Email, user.DisabledAt, user.TwoFactorEnabled, Passkey = db.Set<IdentityUserPasskey<Guid>>().Any(p => p.UserId == user.Id), Role = role.Name })
            .Take(limit + 1).ToListAsync(cancel);
        return new(
            [.. rows.Take(limit).Where(r => Capabilities.RoleOf(r.Role) is not null).Select(r => new ListedAdministrator(
                r.Id, r.DisplayName, r.Email ?? "", Capabilities.RoleOf(r.Role)!.Value, r.TwoFactorEnabled || r.Passkey, r.DisabledAt is not null))],
            rows.Count > limit ? rows[limit - 1].Id : null);
    }

    /// <summary>The person with this address; null when there is none.</summary>
    public async Task<Guid?> FindAsync(string email) => (await users.FindByEmailAsync(email))?.Id;

    /// <summary>Gives a person this role and no other; null takes it away.</summary>
    /// <returns>Null when done.</returns>
    public Task<PersonRefusal?> SetAsync(Guid userId, AdminRole? role, Initiator by) => db.InTransactionAsync(async () =>
    {
        var last = await administrators.IsLastAsync(userId);
        await administrators.LockAsync(userId);
        if (!await db.Users.AnyAsync(u => u.Id == userId && u.ClosedAt == null && !u.Synthetic))
        {
            return PersonRefusal.NotThere;
        }

        var now = await administrators.RoleOfAsync(userId, CancellationToken.None);
        if (now is null && role is null)
        {
            return PersonRefusal.AlreadySo;
        }

        if (last && role is not AdminRole.Administrator)
        {
            return PersonRefusal.LastAdministrator;
        }

        if (now != role)
        {
            await administrators.SetRoleAsync(userId, role, by.Name);
        }

        if (role?.Has(Capability.ManageAdministrators) is not true)
        {
            await administrators.VoidInvitationsAsync(Initiator.Administrator(userId).Name, null, by.Name);
        }

        return (PersonRefusal?)null;
    });
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
