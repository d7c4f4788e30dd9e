using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>
/// A person gives their account another address: asked for, confirmed from the new mailbox, and told to the old one with a
/// way back.
/// </summary>
internal sealed class EmailChange(
    HubDb db, UserManager<User> users, MailQueue mail, MailedLinks links, SessionOpener sessions, SessionRevoker revoker, AuditTrail audit, TimeProvider time)
{
    /// <summary>
    /// Mails the link to the new address; where that is another person's, its owner is told instead, and who asked is not
    /// (specs.md §8 cases 29, 34).
    /// </summary>
    public async Task AskAsync(CurrentSession session, string email)
    {
        await db.InTransactionAsync(async () =>
        {
            var allowed = await mail.AllowsAsync(db, email);
            var owner = await OwnerAsync(email, session.UserId);
            var free = owner is null || await UnconfirmedAccount.IsAsync(db, owner);
            var link = await links.IssueAsync(db, LinkPurpose.ConfirmNewAddress, allowed && free ? session.UserId : Guid.CreateVersion7(), email);
            var letter = free
                ? new Letter("ConfirmNewAddress", Notices.When(link.ExpiresAt)) { Action = link.Address }
                : new Letter("AddressTaken");
            mail.AddAskedFor(db, new Addressee(free ? email : owner!.Email!, free ? session.UserId : owner!.Id), letter, link.ExpiresAt, send: allowed);
            audit.Add(db, "email_change_requested", Initiator.Person(session.UserId).Name, session.UserId, session.Id);
            await db.SaveChangesAsync();
            return free;
        });
    }

    public Task<MailedLink?> FindAsync(string? link) => links.FindAsync(db, LinkPurpose.ConfirmNewAddress, link);

    /// <summary>
    /// One transaction: the new address, the new cookie of this session, the end of what the policy ends, the notices. Null
    /// when nothing was changed: the link was used, the session ended, or the address became another person's meanwhile.
    /// </summary>
    public async Task<Ended?> ChangeAsync(HttpContext context, CurrentSession session, MailedLink link, bool endThisToo)
    {
        var user = await db.Users.AsNoTracking().SingleAsync(u => u.Id == session.UserId);
        try
        {
            var ended = await revoker.EndPersonAsync(
                session.UserId, endThisToo ? null : session.Id, RevocationReason.EmailChanged, Initiator.Person(session.UserId), async () =>
                {
                    // The renewal is the guard as well: it refuses when this session has ended or the account has changed.
                    if (!await sessions.RenewAsync(context, session, user, session.Amr) || !await links.ConsumeAsync(db, link) || !await SetAsync(user.Id, link.Data!))
                    {
                        return false;
                    }

                    await TellOldAddressAsync(user);
                    audit.Add(db, "email_changed", Initiator.Person(user.Id).Name, user.Id, session.Id);
                    return true;
                });
            return ended == Ended.Nothing ? null : ended;
        }
        catch (DbUpdateException)
        {
            // Two accounts asked for one address, and the unique index decided.
            db.ChangeTracker.Clear();
            return null;
        }
    }

    /// <summary>Gives the account this confirmed address, in the caller's transaction. False when it is another person's.</summary>
    public async Task<bool> SetAsync(Guid userId, string email)
    {
        if (await OwnerAsync(email, userId) is { } owner && !await UnconfirmedAccount.RemoveAsync(db, owner))
        {
            return false;
        }

        var user = await db.Users.SingleAsync(u => u.Id == userId);
        (user.Email, user.UserName, user.EmailConfirmed) = (email, email, true);
        (user.NormalizedEmail, user.NormalizedUserName) = (users.NormalizeEmail(email), users.NormalizeName(email));
        (user.SecurityStamp, user.ConcurrencyStamp) = (Stamps.New(), Stamps.New());
        await db.SaveChangesAsync();
        return true;
    }

    private async Task TellOldAddressAsync(User user)
    {
        var back = await links.IssueAsync(db, LinkPurpose.RestoreAddress, user.Id, user.Email);
        mail.AddNotice(db, new Addressee(user.Email!, user.Id, user.DisplayName), new Letter("AddressMoved", Notices.When(time.GetUtcNow()), Notices.When(back.ExpiresAt)) { Action = back.Address });
    }

    private async Task<User?> OwnerAsync(string email, Guid except) =>
        await users.FindByEmailAsync(email) is { } owner && owner.Id != except ? owner : null;
}
