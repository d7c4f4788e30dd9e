using System.Buffers.Text;
using System.Security.Cryptography;
using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace IdentityHub.Mail;

/// <summary>
/// Makes, finds and uses up the links of mails. Their addresses are made of the configured issuer and never of a request's
/// Host (specs.md §8 case 32). A GET only finds: scanners in mail systems follow every link there is.
/// </summary>
internal sealed class MailedLinks(IOptions<HubOptions> hub, IOptions<LinkOptions> options, TimeProvider time)
{
    private const int Bytes = 32;

    /// <summary>A link in the unit of work of <paramref name="db"/>, in a transaction; the caller saves.</summary>
    /// <param name="db">The unit of work.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="userId">The person; nobody's identifier where it is written only to take as long.</param>
    /// <param name="data">What it is bound to, at most 4000 characters.</param>
    public async Task<Link> IssueAsync(HubDb db, LinkPurpose purpose, Guid userId, string? data = null)
    {
        if (purpose.LatestOnly())
        {
            await VoidAsync(db, userId, purpose);
        }

        var now = time.GetUtcNow();
        var secret = RandomNumberGenerator.GetBytes(Bytes);
        var link = new MailedLink
        {
            Id = Guid.CreateVersion7(now),
            Hash = SHA256.HashData(secret),
            Purpose = purpose,
            UserId = userId,
            Data = data,
            ExpiresAt = now + options.Value.Of(purpose),
        };
        db.Add(link);
        return new(new Uri(hub.Value.IssuerUri, $"{purpose.Path()}?link={Base64Url.EncodeToString(secret)}"), link.ExpiresAt);
    }

    /// <summary>The link of this secret, null when there is none: used, voided, expired, of another purpose or never issued.</summary>
    public async Task<MailedLink?> FindAsync(HubDb db, LinkPurpose purpose, string? secret, CancellationToken cancel = default)
    {
        if (secret is not { Length: 43 } || !Base64Url.IsValid(secret))
        {
            return null;
        }

        var (hash, now) = (SHA256.HashData(Base64Url.DecodeFromChars(secret)), time.GetUtcNow());
        return await db.Set<MailedLink>().AsNoTracking().SingleOrDefaultAsync(l => l.Hash == hash && l.Purpose == purpose && l.ExpiresAt > now, cancel);
    }

    /// <summary>Uses it up, in the caller's transaction. False when somebody else just has.</summary>
    public async Task<bool> ConsumeAsync(HubDb db, MailedLink link)
    {
        var now = time.GetUtcNow();
        return await db.Set<MailedLink>().Where(l => l.Id == link.Id && l.ExpiresAt > now).ExecuteDeleteAsync() == 1;
    }

    public static Task VoidAsync(HubDb db, Guid userId, params LinkPurpose[] purposes) => VoidAsync(db, [userId], purposes);

    public static Task VoidAsync(HubDb db, List<Guid> people, params LinkPurpose[] purposes) =>
        db.Set<MailedLink>().Where(l => people.Contains(l.UserId) && purposes.Contains(l.Purpose)).ExecuteDeleteAsync();
}

/// <summary>What stands in the mail, and until when it can be followed.</summary>
internal sealed record Link(Uri Address, DateTimeOffset ExpiresAt);
