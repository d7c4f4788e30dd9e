using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Administration;

/// <summary>
/// What is done to a person by somebody who may: each act and all that ends with it in one transaction, and each in the
/// audit under the name of who asked.
/// </summary>
internal sealed class PersonActs(HubDb db, SessionRevoker revoker, AccountClosing closing, Administrators administrators, AuditTrail audit, TimeProvider time)
{
    /// <summary>Ends one session. <see cref="PersonRefusal.NotThere"/> when it is not this person's, <see cref="PersonRefusal.AlreadySo"/> when it is over.</summary>
    public async Task<PersonAct> EndSessionAsync(Guid userId, Guid sessionId, Initiator by)
    {
        if (!await db.Set<UserSession>().AnyAsync(s => s.Id == sessionId && s.UserId == userId && !db.Users.Any(u => u.Id == userId && u.Synthetic)))
        {
            return PersonRefusal.NotThere;
        }

        var ended = await revoker.EndSessionAsync(sessionId, RevocationReason.SessionRevokedByAdministrator, by);
        return ended == Ended.Nothing ? PersonRefusal.AlreadySo : ended;
    }

    /// <summary>Ends every session of the person, and all access that applications kept; they may sign in again.</summary>
    public Task<PersonAct> EndAllAsync(Guid userId, Initiator by) => ActAsync(userId, RevocationReason.RevokedByAdministrator, by, "person_revoked", _ => Task.CompletedTask);

    /// <summary>From now on the account signs nobody in; everything of the person ends.</summary>
    public Task<PersonAct> DisableAsync(Guid userId, Initiator by) => ExceptLastAsync(userId, () => ActAsync(
        userId, RevocationReason.AccountDisabled, by, "person_disabled",
        async user =>
        {
            await user.ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, time.GetUtcNow()).SetNewStamps());
            await administrators.VoidInvitationsAsync(Initiator.Administrator(userId).Name, null, by.Name);
        },
        allowed: state => state.DisabledAt is null ? null : PersonRefusal.AlreadySo));

    /// <summary>The account signs in again. Ends nothing, and brings nothing back.</summary>
    public Task<PersonAct> EnableAsync(Guid userId, Initiator by) => db.InTransactionAsync(async () =>
    {
        var state = await LockAsync(userId);
        if (Refusal(state) is { } refusal)
        {
            return refusal;
        }

        if (state!.DisabledAt is null)
        {
            return PersonRefusal.AlreadySo;
        }

        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, (DateTimeOffset?)null).SetNewStamps());
        audit.Add(db, "person_enabled", by.Name, userId);
        await db.SaveChangesAsync();
        return (PersonAct)Ended.Nothing;
    });

    /// <summary>
    /// The password and the passkeys are void and everything ends; the person gets a mail with the way to a new password,
    /// which is the only way in. The second factor stays: a mailbox alone must not get around it (ASVS 6.4.3).
    /// </summary>
    public Task<PersonAct> RequireNewPasswordAsync(Guid userId, Initiator by) => ActAsync(
        userId, RevocationReason.NewPasswordRequired, by, "new_password_required", user => WaysIn.VoidAsync(db, userId),
        allowed: state => state.DisabledAt is null ? null : PersonRefusal.Disabled);

    /// <summary>Closes the account as its person could: everything ends, what is personal is erased, and there is no way back.</summary>
    public Task<PersonAct> DeleteAsync(Guid userId, Initiator by) => ExceptLastAsync(userId, async () =>
    {
        if (Refusal(await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId)) is { } refusal)
        {
            return refusal;
        }

        var ended = await closing.CloseAsync(userId, by);
        return ended == Ended.Nothing ? PersonRefusal.Closed : ended;
    });

    private async Task<PersonAct> ActAsync(
        Guid userId, RevocationReason reason, Initiator by, string action, Func<IQueryable<User>, Task> change, Func<User, PersonRefusal?>? allowed = null)
    {
        PersonRefusal? refusal = null;
        var ended = await revoker.EndPersonAsync(userId, null, reason, by, async () =>
        {
            var state = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId);
            refusal = Refusal(state) ?? allowed?.Invoke(state!);
            if (refusal is not null)
            {
                return false;
            }

            await change(db.Users.Where(u => u.Id == userId));
            audit.Add(db, action, by.Name, userId);
            return true;
        });
        return refusal is { } because ? because : ended;
    }

    // Asked first: the row of the role is locked before the person's, here as where a role is taken away.
    private Task<PersonAct> ExceptLastAsync(Guid userId, Func<Task<PersonAct>> act) =>
        db.InTransactionAsync(async () => await administrators.IsLastAsync(userId) ? PersonRefusal.LastAdministrator : await act());

    private async Task<User?> LockAsync(Guid userId) => (await db.Lock<User>(RowLock.Change, "id = {0}", userId).ToListAsync()).SingleOrDefault();

    private static PersonRefusal? Refusal(User? user) => user switch
    {
        // By whom it is proved that sessions die is nobody, and no act is about them.
        null or { Synthetic: true } => PersonRefusal.NotThere,
        { ClosedAt: not null } => PersonRefusal.Closed,
        _ => null,
    };
}

/// <summary>What an act came to: what ended, or why it was not done.</summary>
internal sealed record PersonAct(Ended Ended, PersonRefusal? Refusal)
{
    public static implicit operator PersonAct(PersonRefusal refusal) => new(Ended.Nothing, refusal);

    public static implicit operator PersonAct(Ended ended) => new(ended, null);
}
