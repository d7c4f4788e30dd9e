using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Mail;

/// <summary>
/// A link that was mailed and can still be followed, once. The database knows the hash of its secret; consumed, it is
/// deleted, and nothing tells it from one that never was.
/// </summary>
internal sealed class MailedLink
{
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the secret (256 random bits).</summary>
    public required byte[] Hash { get; init; }

    public required LinkPurpose Purpose { get; init; }

    /// <summary>The person; nobody's for a link that was written but not mailed.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What it is bound to: an address, or where the person goes on to.</summary>
    public string? Data { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal enum LinkPurpose
{
    ConfirmAddress,
    ResetPassword,
    ConfirmNewAddress,
    RestoreAddress,
    NotMe,
}

internal static class LinkPurposes
{
    /// <summary>The page it leads to.</summary>
    public static string Path(this LinkPurpose purpose) => purpose switch
    {
        LinkPurpose.ConfirmAddress => "/confirm-email",
        LinkPurpose.ResetPassword => "/reset-password",
        LinkPurpose.ConfirmNewAddress => "/account/email/confirm",
        LinkPurpose.RestoreAddress => "/restore-email",
        LinkPurpose.NotMe => "/not-me",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether a new one makes the one before it void. Notices stay usable, each for what it tells of.</summary>
    public static bool LatestOnly(this LinkPurpose purpose) => purpose is LinkPurpose.ConfirmAddress or LinkPurpose.ResetPassword or LinkPurpose.ConfirmNewAddress;
}

internal sealed class MailedLinkTable : IEntityTypeConfiguration<MailedLink>
{
    public void Configure(EntityTypeBuilder<MailedLink> link)
    {
        link.ToTable("mailed_links");
        link.Property(l => l.Hash).HasMaxLength(32);
        link.Property(l => l.Purpose).HasConversion<string>().HasMaxLength(20);
        link.Property(l => l.Data).HasMaxLength(4000);
        link.HasIndex(l => l.Hash).IsUnique();
        link.HasIndex(l => new { l.UserId, l.Purpose });
        link.HasIndex(l => l.ExpiresAt);
    }
}
