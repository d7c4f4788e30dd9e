using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>The way back in for who forgot the password: by the mailbox, and by nothing that a stranger could learn from.</summary>
internal sealed class PasswordReset(
    HubDb db, UserManager<User> users, IPasswordHasher<User> hasher, MailQueue mail, MailedLinks links, SessionRevoker revoker, AuditTrail audit)
{
    /// <summary>
    /// Mails a link if there is an account with this address. Known or not, the same rows are written, so that neither
    /// answer nor time tells (ASVS 6.3.8); the mail leaves later.
    /// </summary>
    public async Task AskAsync(string email)
    {
        await db.InTransactionAsync(async () =>
        {
            var allowed = await mail.AllowsAsync(db, email);
            var user = await users.FindByEmailAsync(email);
            var send = allowed && user is { DisabledAt: null };
            var link = await links.IssueAsync(db, LinkPurpose.ResetPassword, send ? user!.Id : Guid.CreateVersion7());
            var letter = new Letter("ResetPassword", Notices.When(link.ExpiresAt)) { Action = link.Address };
            mail.AddAskedFor(db, new Addressee(user?.Email ?? email, user?.Id), letter, link.ExpiresAt, send);
            audit.Add(db, "password_reset_requested", "anonymous", user?.Id);
            await db.SaveChangesAsync();
            return send;
        });
    }

    /// <summary>Whose password this link resets, null when it resets none.</summary>
    public async Task<PersonOfLink?> FindAsync(string? link) =>
        await links.FindAsync(db, LinkPurpose.ResetPassword, link) is { } found
            ? await db.Users.Where(u => u.Id == found.UserId && u.DisabledAt == null).Select(u => new PersonOfLink(u.Id, u.DisplayName, u.Email!)).SingleOrDefaultAsync()
            : null;

    /// <summary>Sets the password and ends everything of the person, in one transaction; null when the link had been used meanwhile.</summary>
    /// <param name="link">The secret of the link.</param>
    /// <param name="chosen">Checked by <see cref="PasswordRules"/>.</param>
    public async Task<Ended?> ResetAsync(string link, string chosen)
    {
        if (await links.FindAsync(db, LinkPurpose.ResetPassword, link) is not { } found)
        {
            return null;
        }

        // Before rows are held: hashing takes a tenth of a second.
        var hash = hasher.HashPassword(new User(), chosen);
        var ended = await revoker.EndPersonAsync(found.UserId, null, RevocationReason.PasswordReset, Initiator.Person(found.UserId), async () =>
        {
            if (!await links.ConsumeAsync(db, found))
            {
                return false;
            }

            var changed = await db.Users.Where(u => u.Id == found.UserId && u.DisabledAt == null).ExecuteUpdateAsync(u => u
                .SetProperty(x => x.PasswordHash, hash)
                // Whoever followed the link has the mailbox.
                .SetProperty(x => x.EmailConfirmed, true)
                .SetNewStamps());
            audit.Add(db, "password_reset", Initiator.Person(found.UserId).Name, found.UserId);
            return changed == 1;
        });
        return ended == Ended.Nothing ? null : ended;
    }
}

internal sealed record PersonOfLink(Guid Id, string Name, string Email);
