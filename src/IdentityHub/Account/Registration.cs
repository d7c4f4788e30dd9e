using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>Creates the account of a person who registers.</summary>
internal sealed class Registration(
    UserManager<User> users, IPasswordHasher<User> hasher, HubDb db, MailQueue mail, MailedLinks links, AuditTrail audit, TimeProvider time)
{
    /// <summary>
    /// Makes an account that signs nobody in before its address is confirmed, and mails the link; or, where there is an
    /// account with this address, tells its owner. The caller learns nothing, neither from the answer nor from its time:
    /// each way costs one password hash and writes the same rows (ASVS 6.3.8). The latest registration of an address
    /// that nobody has confirmed counts, so that a stranger's cannot stand in the owner's way (specs.md §8 case 37).
    /// </summary>
    /// <param name="name">The name of the person.</param>
    /// <param name="email">The address.</param>
    /// <param name="password">Checked by <see cref="PasswordRules"/>.</param>
    /// <param name="returnUrl">Where the person goes on to after confirming.</param>
    public async Task RequestAsync(string name, string email, string password, string returnUrl)
    {
        var user = NewUser(name, email, confirmed: false);
        user.PasswordHash = hasher.HashPassword(user, password);
        await OrWasThereAsync(email, () => db.InTransactionAsync<User?>(async () =>
        {
            var allowed = await mail.AllowsAsync(db, email);
            var owner = await users.FindByEmailAsync(email);
            // One mail too many: nothing changes, or the link that was mailed before would be void for nothing.
            if (allowed && owner is { EmailConfirmed: false } && await UnconfirmedAccounts.RemoveAsync(db, owner))
            {
                owner = null;
            }

            var created = allowed && owner is null && await InsertAsync(user, await users.CreateAsync(user));
            var link = await links.IssueAsync(db, LinkPurpose.ConfirmAddress, created ? user.Id : Guid.CreateVersion7(), Bounded(returnUrl));
            var letter = created || owner is null
                ? new Letter("ConfirmAddress", Notices.When(link.ExpiresAt)) { Action = link.Address }
                : new Letter("AddressInUse") { Action = mail.Page("/sign-in") };
            mail.AddAskedFor(db, new Addressee(owner?.Email ?? email, owner?.Id ?? (created ? user.Id : null)), letter, link.ExpiresAt, send: allowed);
            await db.SaveChangesAsync();
            return user;
        }));
    }

    /// <summary>Mails the link once more, if there is something to confirm; the caller learns nothing.</summary>
    public async Task RemindAsync(string email, string returnUrl)
    {
        await db.InTransactionAsync(async () =>
        {
            var allowed = await mail.AllowsAsync(db, email);
            var user = await users.FindByEmailAsync(email);
            var send = allowed && user is { EmailConfirmed: false, DisabledAt: null };
            var link = await links.IssueAsync(db, LinkPurpose.ConfirmAddress, send ? user!.Id : Guid.CreateVersion7(), Bounded(returnUrl));
            var letter = new Letter("ConfirmAddress", Notices.When(link.ExpiresAt)) { Action = link.Address };
            mail.AddAskedFor(db, new Addressee(user?.Email ?? email, user?.Id), letter, link.ExpiresAt, send);
            await db.SaveChangesAsync();
            return send;
        });
    }

    /// <summary>The new account, or null when there is one with this address. Either way costs one password hash.</summary>
    public async Task<User?> CreateAsync(string name, string email, string password, bool confirmed = false)
    {
        var user = NewUser(name, email, confirmed);
        return await OrWasThereAsync(email, () => db.InTransactionAsync(async () => await InsertAsync(user, await users.CreateAsync(user, password)) ? user : null));
    }

    private User NewUser(string name, string email, bool confirmed)
    {
        var now = time.GetUtcNow();
        return new User { Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = confirmed, DisplayName = name, CreatedAt = now };
    }

    private async Task<User?> OrWasThereAsync(string email, Func<Task<User?>> create)
    {
        try
        {
            return await create();
        }
        catch (DbUpdateException)
        {
            // The form was sent twice at once and the unique index decided. Anything else is a fault.
            db.ChangeTracker.Clear();
            if (await users.FindByEmailAsync(email) is null)
            {
                throw;
            }

            return null;
        }
    }

    private async Task<bool> InsertAsync(User user, IdentityResult result)
    {
        if (!result.Succeeded)
        {
            return result.Errors.All(e => e.Code is nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.DuplicateUserName))
                ? false
                : throw new InvalidOperationException($"The account was refused: {string.Join(", ", result.Errors.Select(e => e.Code))}.");
        }

        audit.Add(db, "registered", Initiator.Person(user.Id).Name, user.Id);
        await db.SaveChangesAsync();
        return true;
    }

    // What does not fit into the row is not worth keeping: the person finds the way from the first page.
    private static string Bounded(string returnUrl) => returnUrl.Length <= 4000 ? returnUrl : ReturnUrl.Home;
}
