using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Access;

/// <summary>
/// A link by which somebody becomes an administrator, once. The database knows the hash of its secret; consumed, replaced
/// or withdrawn, it is deleted.
/// </summary>
internal sealed class Invitation
{
    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the secret (256 random bits).</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Whom it is for: the address of an account, or of one that is made with it.</summary>
    public required string Email { get; init; }

    /// <summary>The same as accounts are looked up by. One invitation at a time.</summary>
    public required string NormalizedEmail { get; init; }

    public required AdminRole Role { get; init; }

    /// <summary>Who invited, as the audit names it.</summary>
    public required string Initiator { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class InvitationTable : IEntityTypeConfiguration<Invitation>
{
    public void Configure(EntityTypeBuilder<Invitation> invitation)
    {
        invitation.ToTable("administrator_invitations");
        invitation.Property(i => i.Hash).HasMaxLength(32);
        invitation.Property(i => i.Email).HasMaxLength(256);
        invitation.Property(i => i.NormalizedEmail).HasMaxLength(256);
        invitation.Property(i => i.Role).HasConversion<string>().HasMaxLength(20);
        invitation.Property(i => i.Initiator).HasMaxLength(120);
        invitation.HasIndex(i => i.Hash).IsUnique();
        invitation.HasIndex(i => i.NormalizedEmail).IsUnique();
    }
}
