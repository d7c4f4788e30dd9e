using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Access;

/// <summary>
/// Who has which role. The answer is read from the row for every request (I4): a role that was taken away is gone in the
/// same instant.
/// </summary>
internal sealed class Administrators(HubDb db, AuditTrail audit)
{
    /// <summary>The strongest role of the person; null for everybody who is no administrator.</summary>
    public async Task<AdminRole?> RoleOfAsync(Guid userId, CancellationToken cancel)
    {
        var names = await (
            from given in db.Set<IdentityUserRole<Guid>>()
            join role in db.Set<Role>() on given.RoleId equals role.Id
            where given.UserId == userId
            select role.Name).ToListAsync(cancel);
        return names.Select(Capabilities.RoleOf).Max();
    }

    /// <summary>Gives the person this role and no other; null takes every role away. Written when the caller's transaction commits.</summary>
    /// <param name="userId">The person.</param>
    /// <param name="role">The role from now on.</param>
    /// <param name="actor">Who decided it, as the audit names it.</param>
    public Task SetRoleAsync(Guid userId, AdminRole? role, string actor) => db.InTransactionAsync(async () =>
    {
        await db.Set<IdentityUserRole<Guid>>().Where(given => given.UserId == userId).ExecuteDeleteAsync();
        if (role is { } wanted)
        {
            db.Add(new IdentityUserRole<Guid> { UserId = userId, RoleId = await RoleIdAsync(wanted.Name()) });
        }

        audit.Add(db, role is null ? "administrator_removed" : "administrator_set", actor, userId, details: new { role = role?.Name() });
        await db.SaveChangesAsync();
        return true;
    });

    /// <summary>How many people have the role <see cref="AdminRole.Administrator"/> and can sign in.</summary>
    public Task<int> CountAsync(CancellationToken cancel)
    {
        var name = AdminRole.Administrator.Name();
        return (
            from given in db.Set<IdentityUserRole<Guid>>()
            join role in db.Set<Role>() on given.RoleId equals role.Id
            join user in db.Users on given.UserId equals user.Id
            where role.Name == name && user.DisabledAt == null
            select given.UserId).CountAsync(cancel);
    }

    private async Task<Guid> RoleIdAsync(string name)
    {
        if (await db.Set<Role>().Where(r => r.Name == name).Select(r => (Guid?)r.Id).SingleOrDefaultAsync() is { } known)
        {
            return known;
        }

        var role = new Role { Id = Guid.CreateVersion7(), Name = name, NormalizedName = name.ToUpperInvariant(), ConcurrencyStamp = Stamps.New() };
        db.Add(role);
        await db.SaveChangesAsync();
        return role.Id;
    }
}
