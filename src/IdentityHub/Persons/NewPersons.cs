using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Persons;

/// <summary>Makes the accounts of people, whoever asked for one: the person, the command line or an invitation.</summary>
internal sealed class NewPersons(UserManager<User> users, HubDb db, AuditTrail audit, TimeProvider time)
{
    /// <summary>The new account, or null when there is one with this address. Either way costs one password hash.</summary>
    /// <param name="name">The name of the person.</param>
    /// <param name="email">The address.</param>
    /// <param name="password">Checked by <see cref="PasswordRules"/>.</param>
    /// <param name="confirmed">Whether somebody vouches that the address is the person's.</param>
    public async Task<User?> CreateAsync(string name, string email, string password, bool confirmed = false)
    {
        var user = Blank(name, email, confirmed);
        return await OrWasThereAsync(email, () => db.InTransactionAsync(async () => await InsertAsync(user, await users.CreateAsync(user, password)) ? user : null));
    }

    /// <summary>An account that is not written yet.</summary>
    public User Blank(string name, string email, bool confirmed)
    {
        var now = time.GetUtcNow();
        return new User { Id = Guid.CreateVersion7(now), UserName = email, Email = email, EmailConfirmed = confirmed, DisplayName = name, CreatedAt = now };
    }

    /// <summary>Null as well where the form was sent twice at once and the unique index decided; anything else is a fault.</summary>
    public async Task<User?> OrWasThereAsync(string email, Func<Task<User?>> create)
    {
        try
        {
            return await create();
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            if (await users.FindByEmailAsync(email) is null)
            {
                throw;
            }

            return null;
        }
    }

    /// <summary>Notes that the account is there, in the caller's transaction. False when there was one with this address.</summary>
    public async Task<bool> InsertAsync(User user, IdentityResult result)
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
}
