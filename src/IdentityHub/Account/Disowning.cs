using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Account;

/// <summary>
/// "This was not me": ends everything of the person, takes away the ways in that a thief may have (the password, the
/// passkeys), and starts a reset. The second factor stays: a mailbox alone must not get around it (ASVS 6.4.3).
/// </summary>
internal sealed class Disowning(HubDb db, MailedLinks links, EmailChange addresses, SessionRevoker revoker, AuditTrail audit)
{
    public Task<MailedLink?> FindAsync(LinkPurpose purpose, string? link) => links.FindAsync(db, purpose, link);

    /// <summary>Null when the link had been used meanwhile, or the former address is another person's by now.</summary>
    public async Task<Ended?> ActAsync(MailedLink link)
    {
        var ended = await revoker.EndPersonAsync(
            link.UserId, null, RevocationReason.ReportedByPerson, Initiator.Person(link.UserId), () => ChangeAsync(link));
        return ended == Ended.Nothing ? null : ended;
    }

    private async Task<bool> ChangeAsync(MailedLink link)
    {
        if (!await links.ConsumeAsync(db, link))
        {
            return false;
        }

        var restores = link.Purpose is LinkPurpose.RestoreAddress;
        if (restores && !await addresses.SetAsync(link.UserId, link.Data!))
        {
            return false;
        }

        if (restores)
        {
            // What was mailed since went to the thief's mailbox too, and would take the account back.
            await db.Set<MailedLink>()
                .Where(l => l.UserId == link.UserId && l.ExpiresAt >= link.ExpiresAt && (l.Purpose == LinkPurpose.RestoreAddress || l.Purpose == LinkPurpose.NotMe))
                .ExecuteDeleteAsync();
        }

        await WaysIn.VoidAsync(db, link.UserId);
        audit.Add(db, restores ? "email_change_reported" : "activity_reported", Initiator.Person(link.UserId).Name, link.UserId);
        return true;
    }
}
