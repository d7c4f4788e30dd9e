using System.Globalization;
using IdentityHub.Data;
using IdentityHub.Mail;
using IdentityHub.Pages;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Revocation;

/// <summary>
/// Tells a person by mail what the policy says they are told, in the transaction of the act, and makes the links of
/// earlier mails void that would undo it.
/// </summary>
internal sealed class Notices(MailQueue queue, MailedLinks links)
{
    public async Task AddAsync(HubDb db, RevocationReason reason, List<Guid> people, DateTimeOffset now)
    {
        var policy = RevocationPolicy.For(reason);
        if (policy.Tokens is TokensRevoked.AllOfPerson)
        {
            // specs.md §8 cases 31 and 34: what was asked for before a security event does not outlive it.
            await MailedLinks.VoidAsync(db, people, LinkPurpose.ResetPassword, LinkPurpose.ConfirmNewAddress);
        }

        if (!policy.Mail || policy.LeavesNoAddress)
        {
            return;
        }

        foreach (var person in await db.Users.AsNoTracking().Where(u => people.Contains(u.Id) && u.Email != null).ToListAsync())
        {
            await TellAsync(db, person, new Letter(reason.ToString(), When(now)), startsReset: policy.StartsReset);
        }
    }

    /// <summary>Where the person is reached now; null for who has no address.</summary>
    public static Task<Addressee?> AddresseeAsync(HubDb db, Guid userId) =>
        db.Users.Where(u => u.Id == userId && u.Email != null).Select(u => new Addressee(u.Email!, null, u.DisplayName)).SingleOrDefaultAsync();

    /// <summary>The last notice to who had this address until the act: of nobody's account, and without a link, for there is nothing to come back to.</summary>
    public void TellFormer(HubDb db, Addressee former, RevocationReason reason, DateTimeOffset now) =>
        queue.AddNotice(db, former, new Letter(reason.ToString(), When(now)));

    /// <summary>One notice to a person, in the caller's transaction: with "this was not me", or, after that, with the way to a new password.</summary>
    public async Task TellAsync(HubDb db, User person, Letter letter, bool startsReset = false)
    {
        letter = startsReset
            ? letter with { Action = (await links.IssueAsync(db, LinkPurpose.ResetPassword, person.Id)).Address }
            : letter with { NotMe = (await links.IssueAsync(db, LinkPurpose.NotMe, person.Id)).Address };
        queue.AddNotice(db, new Addressee(person.Email!, person.Id, person.DisplayName), letter);
    }

    /// <summary>An instant as mails have it.</summary>
    public static string When(DateTimeOffset at) => at.ToUniversalTime().ToString(Texts.InstantFormat, CultureInfo.CurrentCulture);
}
