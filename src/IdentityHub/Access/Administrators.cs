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
        // Of two at the same time the second one sees, and takes away, what the first one gave.
        await LockAsync(userId);
        await db.Set<IdentityUserRole<Guid>>().Where(given => given.UserId == userId).ExecuteDeleteAsync();
        if (role is { } wanted)
        {
            var name = wanted.Name();
            db.Add(new IdentityUserRole<Guid> { UserId = userId, RoleId = await db.Set<Role>().Where(r => r.Name == name).Select(r => r.Id).SingleAsync() });
        }

        audit.Add(db, role is null ? "administrator_removed" : "administrator_set", actor, userId, details: new { role = role?.Name() });
        await db.SaveChangesAsync();
        return true;
    });

    /// <summary>
    /// Whether this person is the only one who can administer, in a transaction: until its end nobody else stops being
    /// one. To be asked before a person's row is locked (the order is role, person, invitation).
    /// </summary>
    public async Task<bool> IsLastAsync(Guid userId)
    {
        // Before anything is read, whoever it is about: somebody else may be giving them the role and taking the last other
        // one away at this moment. Two who take each other's come one after the other, and the second one is refused.
        await db.Lock<Role>(RowLock.Change, "name = {0}", AdminRole.Administrator.Name()).Select(r => r.Id).ToListAsync();
        return await CanAsync(userId) && await CountAsync(CancellationToken.None) <= 1;
    }

    /// <summary>Until the end of the transaction nobody else changes what this person is.</summary>
    public Task LockAsync(Guid userId) => db.Lock<User>(RowLock.Change, "id = {0}", userId).Select(u => u.Id).ToListAsync();

    /// <summary>
    /// Makes void what somebody has invited who is trusted with it no more, and what was sent to an address that is given
    /// up: a link must not outlive that. Written when the caller's transaction commits.
    /// </summary>
    /// <param name="initiator">Who invited, as the audit names it.</param>
    /// <param name="normalizedEmail">The address that is given up; null when none is.</param>
    /// <param name="actor">Who decided it, as the audit names it.</param>
    public async Task VoidInvitationsAsync(string initiator, string? normalizedEmail, string actor)
    {
        var ids = await db.Set<Invitation>().Where(i => i.Initiator == initiator || i.NormalizedEmail == normalizedEmail).Select(i => i.Id).ToListAsync();
        if (ids.Count == 0)
        {
            return;
        }

        await db.Set<Invitation>().Where(i => ids.Contains(i.Id)).ExecuteDeleteAsync();
        foreach (var id in ids)
        {
            audit.Add(db, "administrator_invitation_withdrawn", actor, details: new { id });
        }

        await db.SaveChangesAsync();
    }

    /// <summary>Whether this person can administer now: they have the role <see cref="AdminRole.Administrator"/>, and can sign in.</summary>
    public Task<bool> CanAsync(Guid userId) => WhoCan().ContainsAsync(userId);

    /// <summary>How many people can.</summary>
    public Task<int> CountAsync(CancellationToken cancel) => WhoCan().CountAsync(cancel);

    private IQueryable<Guid> WhoCan()
    {
        var name = AdminRole.Administrator.Name();
        return
            from given in db.Set<IdentityUserRole<Guid>>()
            join role in db.Set<Role>() on given.RoleId equals role.Id
            join user in db.Users on given.UserId equals user.Id
            where role.Name == name && user.DisabledAt == null && user.ClosedAt == null
            select given.UserId;
    }
}
