using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Persons;

/// <summary>An account whose address nobody confirmed and in which nobody ever signed in: it stands in nobody's way (specs.md §8 case 37).</summary>
internal static class UnconfirmedAccount
{
    /// <summary>Whether this is such a one.</summary>
    public static async Task<bool> IsAsync(HubDb db, User user) =>
        !user.EmailConfirmed && !await db.Set<UserSession>().AnyAsync(s => s.UserId == user.Id);

    /// <summary>Removes this account if it is such a one; in a transaction. Its identifier was never in a token.</summary>
    public static async Task<bool> RemoveAsync(HubDb db, User user)
    {
        var removed = await db.Users
            .Where(u => u.Id == user.Id && !u.EmailConfirmed && !db.Set<UserSession>().Any(s => s.UserId == u.Id))
            .ExecuteDeleteAsync() == 1;
        db.Entry(user).State = EntityState.Detached;
        if (removed)
        {
            await MailedLinks.VoidAsync(db, user.Id, LinkPurpose.ConfirmAddress, LinkPurpose.ResetPassword);
        }

        return removed;
    }
}
