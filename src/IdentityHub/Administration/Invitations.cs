using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using System.Buffers.Text;
using System.Security.Cryptography;

namespace IdentityHub.Administration;

/// <summary>
/// How somebody becomes an administrator: by a link that whoever may decide it passes on. There is no account that an
/// installation begins with (ASVS 6.3.2); the first link is made at the command line.
/// </summary>
internal sealed class Invitations(
    HubDb db, Administrators administrators, NewPersons persons, UserManager<User> users, AuditTrail audit, IOptions<HubOptions> hub, TimeProvider time)
{
    /// <summary>Where the link leads.</summary>
    public const string Path = "/admin/invitation";

    private const int Bytes = 32;

    private static readonly TimeSpan Life = TimeSpan.FromHours(24);

    /// <summary>The page of a link with this secret.</summary>
    public static string PathOf(string secret) => $"{Path}?link={Uri.EscapeDataString(secret)}";

    /// <summary>Makes the link. One that was made for this address before is void from the commit on.</summary>
    /// <param name="email">The address, which <see cref="NewAccount.EmailError"/> has nothing against.</param>
    /// <param name="role">The role they get.</param>
    /// <param name="by">Who invites.</param>
    public Task<InvitationLink> InviteAsync(string email, AdminRole role, Initiator by) => db.InTransactionAsync(async () =>
    {
        var (now, secret) = (time.GetUtcNow(), RandomNumberGenerator.GetBytes(Bytes));
        var normalized = users.NormalizeEmail(email);
        await db.Set<Invitation>().Where(i => i.NormalizedEmail == normalized || i.ExpiresAt <= now).ExecuteDeleteAsync();
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(now),
            Hash = SHA256.HashData(secret),
            Email = email,
            NormalizedEmail = normalized!,
            Role = role,
            Initiator = by.Name,
            ExpiresAt = now + Life,
        };
        db.Add(invitation);
        audit.Add(db, "administrator_invited", by.Name, (await OwnerAsync(invitation))?.Id, details: new { role = role.Name() });
        await db.SaveChangesAsync();
        return new InvitationLink(new Uri(hub.Value.IssuerUri, PathOf(Base64Url.EncodeToString(secret))), invitation.ExpiresAt);
    });

    /// <summary>The invitation of this secret, and the account with its address if there is one. Null when it was used, replaced or withdrawn, is too old, or who made it may invite no more.</summary>
    public async Task<Invited?> FindAsync(string? secret, CancellationToken cancel)
    {
        // What a scanner follows and a person looks at; only a POST consumes it.
        if (secret is not { Length: 43 } || !Base64Url.IsValid(secret))
        {
            return null;
        }

        var (hash, now) = (SHA256.HashData(Base64Url.DecodeFromChars(secret)), time.GetUtcNow());
        return await db.Set<Invitation>().AsNoTracking().SingleOrDefaultAsync(i => i.Hash == hash && i.ExpiresAt > now, cancel) is { } found && await IsTrustedAsync(found)
            ? new(found, (await OwnerAsync(found))?.Id)
            : null;
    }

    /// <summary>The person of an account accepts. False when the invitation has gone meanwhile, or is for another address.</summary>
    public Task<bool> AcceptAsync(Invited invited, Guid userId) => db.InTransactionAsync(async () =>
    {
        // The person before the invitation, as where an account is closed.
        await administrators.LockAsync(userId);
        return invited.Owner == userId && await ConsumeAsync(invited.Invitation) && await GiveRoleAsync(invited.Invitation, userId);
    });

    /// <summary>
    /// Makes the account and gives it the role, in one transaction. Its address counts as confirmed: who invited vouches
    /// for it. Null when the invitation has gone meanwhile, or there is an account by now.
    /// </summary>
    /// <param name="invited">The invitation.</param>
    /// <param name="name">Checked by <see cref="NewAccount.NameError"/>.</param>
    /// <param name="password">Checked by <see cref="PasswordRules"/>.</param>
    public Task<User?> AcceptAsync(Invited invited, string name, string password) => db.InTransactionAsync(
        async () =>
        {
            if (!await ConsumeAsync(invited.Invitation))
            {
                return null;
            }

            // An account that somebody else began with this address, and could not confirm, is not the invited person's.
            if (await users.FindByEmailAsync(invited.Invitation.Email) is { } vacant)
            {
                await UnconfirmedAccount.RemoveAsync(db, vacant);
            }

            var user = await persons.CreateAsync(name, invited.Invitation.Email, password, confirmed: true);
            return user is not null && await GiveRoleAsync(invited.Invitation, user.Id) ? user : null;
        },
        keep: user => user is not null);

    /// <summary>Invitations that wait, the latest first.</summary>
    /// <param name="before">The last of the page before; null for the latest.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancel">The request's.</param>
    public async Task<InvitationsPage> PageAsync(Guid? before, int limit, CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var rows = await db.Set<Invitation>().AsNoTracking().Where(i => i.ExpiresAt > now && (before == null || i.Id < before)).OrderByDescending(i => i.Id).Take(limit + 1).ToListAsync(cancel);
        return new([.. rows.Take(limit)], rows.Count > limit ? rows[limit - 1].Id : null);
    }

    /// <summary>Makes it void. False when it was gone already.</summary>
    public Task<bool> WithdrawAsync(Guid id, Initiator by) => db.InTransactionAsync(async () =>
    {
        var gone = await db.Set<Invitation>().Where(i => i.Id == id).ExecuteDeleteAsync() == 1;
        if (gone)
        {
            audit.Add(db, "administrator_invitation_withdrawn", by.Name, details: new { id });
            await db.SaveChangesAsync();
        }

        return gone;
    });

    private async Task<bool> ConsumeAsync(Invitation invitation)
    {
        var now = time.GetUtcNow();
        return await IsTrustedAsync(invitation) && await db.Set<Invitation>().Where(i => i.Id == invitation.Id && i.ExpiresAt > now).ExecuteDeleteAsync() == 1;
    }

    // What was trusted when the link was made is asked again when it is followed: a thief of an administrator's session
    // must not leave a way in behind.
    private async Task<bool> IsTrustedAsync(Invitation invitation) =>
        new Initiator(invitation.Initiator).AdministratorId is not { } by || await administrators.CanAsync(by);

    private async Task<bool> GiveRoleAsync(Invitation invitation, Guid userId)
    {
        // Whoever is more than that already stays it: an invitation takes nothing away.
        if (await administrators.RoleOfAsync(userId, CancellationToken.None) is not { } role || role < invitation.Role)
        {
            await administrators.SetRoleAsync(userId, invitation.Role, invitation.Initiator);
        }

        return true;
    }

    private async Task<User?> OwnerAsync(Invitation invitation) =>
        await users.FindByEmailAsync(invitation.Email) is { } owner && !await UnconfirmedAccount.IsAsync(db, owner) ? owner : null;
}

/// <param name="Invitations">Of this page.</param>
/// <param name="Next">The cursor of the next page, null on the last.</param>
internal sealed record InvitationsPage(IReadOnlyList<Invitation> Invitations, Guid? Next);

/// <param name="Address">Shown to who invites, once; whoever has it can use it.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record InvitationLink(Uri Address, DateTimeOffset ExpiresAt);

/// <param name="Invitation">Which.</param>
/// <param name="Owner">The account with its address; null where one is made.</param>
internal sealed record Invited(Invitation Invitation, Guid? Owner);
