using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;

namespace IdentityHub.Account;

/// <summary>The passkeys of a person, in the store of ASP.NET Core Identity.</summary>
internal sealed class Passkeys(HubDb db, IUserStore<User> store, SecurityChange change, AuditTrail audit)
{
    /// <summary>More than anybody has devices; the bound keeps the list a list.</summary>
    public const int Most = 20;

    public const int LongestName = 60;

    private IUserPasskeyStore<User> Store => (IUserPasskeyStore<User>)store;

    public async Task<IReadOnlyList<UserPasskeyInfo>> OfAsync(Guid userId, CancellationToken cancel) =>
        [.. (await Store.GetPasskeysAsync(new User { Id = userId }, cancel)).OrderBy(p => p.CreatedAt)];

    /// <summary>Keeps the counter of a passkey that was shown (WebAuthn §6.1.1). False when it was removed meanwhile.</summary>
    public async Task<bool> UsedAsync(User user, UserPasskeyInfo passkey)
    {
        if (await Store.FindPasskeyAsync(user, passkey.CredentialId, default) is null)
        {
            return false;
        }

        await Store.AddOrUpdatePasskeyAsync(user, passkey, default);
        return true;
    }

    public Task<Ended?> AddAsync(HttpContext context, CurrentSession session, UserPasskeyInfo passkey, bool endThisToo) =>
        change.MakeAsync(context, session, RevocationReason.PasskeyAdded, endThisToo, session.Amr, async user =>
        {
            // Judged under the lock on the person: two tabs do not add one too many.
            if ((await Store.GetPasskeysAsync(user, default)).Count >= Most)
            {
                return false;
            }

            await Store.AddOrUpdatePasskeyAsync(user, passkey, default);
            return true;
        });

    public Task<Ended?> RemoveAsync(HttpContext context, CurrentSession session, byte[] id, bool endThisToo) =>
        change.MakeAsync(context, session, RevocationReason.PasskeyRemoved, endThisToo, session.Amr, async user =>
        {
            if (await Store.FindPasskeyAsync(user, id, default) is null)
            {
                return false;
            }

            await Store.RemovePasskeyAsync(user, id, default);
            return true;
        });

    /// <summary>Another name changes nothing about who gets in, and ends nothing.</summary>
    public async Task RenameAsync(CurrentSession session, byte[] id, string name)
    {
        var user = new User { Id = session.UserId };
        if (await Store.FindPasskeyAsync(user, id, default) is { } passkey)
        {
            passkey.Name = name;
            await Store.AddOrUpdatePasskeyAsync(user, passkey, default);
            audit.Add(db, "passkey_renamed", Initiator.Person(session.UserId).Name, session.UserId, session.Id);
            await db.SaveChangesAsync();
        }
    }
}
