using IdentityHub.Access;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Account;

/// <summary>A person asks for an account.</summary>
internal sealed class Registration(NewPersons persons, UserManager<User> users, IPasswordHasher<User> hasher, HubDb db, MailQueue mail, MailedLinks links)
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
        var user = persons.Blank(name, email, confirmed: false);
        user.PasswordHash = hasher.HashPassword(user, password);
        await persons.OrWasThereAsync(email, () => db.InTransactionAsync<User?>(async () =>
        {
            var allowed = await mail.AllowsAsync(db, email);
            var owner = await users.FindByEmailAsync(email);
            // One mail too many: nothing changes, or the link that was mailed before would be void for nothing.
            if (allowed && owner is { EmailConfirmed: false } && await UnconfirmedAccount.RemoveAsync(db, owner))
            {
                owner = null;
            }

            var created = allowed && owner is null && await persons.InsertAsync(user, await users.CreateAsync(user));
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

    // What does not fit into the row is not worth keeping: the person finds the way from the first page.
    private static string Bounded(string returnUrl) => returnUrl.Length <= 4000 ? returnUrl : ReturnUrl.Home;
}
