using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>Creates the account of a person who registers.</summary>
internal sealed class Registration(UserManager<User> users, HubDb db, AuditTrail audit, TimeProvider time)
{
    /// <summary>The new account, or null when there is one with this address. Either way costs one password hash.</summary>
    public async Task<User?> CreateAsync(string name, string email, string password, bool confirmed = false)
    {
        var now = time.GetUtcNow();
        var user = new User { Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = confirmed, DisplayName = name, CreatedAt = now };
        try
        {
            return await db.InTransactionAsync(async () => await InsertAsync(user, password) ? user : null);
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

    private async Task<bool> InsertAsync(User user, string password)
    {
        var result = await users.CreateAsync(user, password);
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
}
