using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>The address of a new account becomes the person's.</summary>
internal sealed class EmailConfirmation(HubDb db, MailedLinks links, PasswordCheck passwords, AuditTrail audit)
{
    /// <summary>The address that this link confirms, null when there is nothing to confirm by it.</summary>
    public async Task<string?> AddressAsync(string? link) =>
        await links.FindAsync(db, LinkPurpose.ConfirmAddress, link) is { } found
            ? await db.Users.Where(u => u.Id == found.UserId && !u.EmailConfirmed && u.DisabledAt == null).Select(u => u.Email).SingleOrDefaultAsync()
            : null;

    /// <summary>Null for a wrong password, and when somebody else has used the link meanwhile.</summary>
    public async Task<ConfirmedEmail?> ConfirmAsync(string link, string password)
    {
        if (await links.FindAsync(db, LinkPurpose.ConfirmAddress, link) is not { } found || await AddressAsync(link) is not { } email)
        {
            return null;
        }

        var verdict = await passwords.CheckAsync(email, password);
        if (verdict.Refusal is not (null or PasswordVerdict.Unconfirmed) || verdict.User is not { } user || user.Id != found.UserId)
        {
            return null;
        }

        return await db.InTransactionAsync(async () =>
        {
            if (!await links.ConsumeAsync(db, found))
            {
                return null;
            }

            user.EmailConfirmed = true;
            audit.Add(db, "email_confirmed", Initiator.Person(user.Id).Name, user.Id);
            await db.SaveChangesAsync();
            return new ConfirmedEmail(user, ReturnUrl.LocalOrHome(found.Data));
        });
    }
}

internal sealed record ConfirmedEmail(User User, string ReturnUrl);
