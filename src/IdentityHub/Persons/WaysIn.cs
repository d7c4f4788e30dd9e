using IdentityHub.Data;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Persons;

/// <summary>How a person gets in without the mailbox.</summary>
internal static class WaysIn
{
    /// <summary>
    /// Makes the password and the passkeys void, in the caller's transaction: whoever has the account now may have them too.
    /// </summary>
    public static async Task VoidAsync(HubDb db, Guid userId)
    {
        await db.Set<IdentityUserPasskey<Guid>>().Where(p => p.UserId == userId).ExecuteDeleteAsync();
        await db.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(u => u
            .SetProperty(x => x.PasswordHash, (string?)null)
            .SetNewStamps());
    }
}
