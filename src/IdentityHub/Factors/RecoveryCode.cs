using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Factors;

/// <summary>One code that a person can still use when the authenticator is lost. Using it removes the row.</summary>
internal sealed class RecoveryCode
{
    public required Guid UserId { get; init; }

    /// <summary>PBKDF2 of the code with the salt of its set (ASVS 6.5.2).</summary>
    public required byte[] Hash { get; init; }

    /// <summary>The same for all codes that were made together, so that trying one costs one hash and not ten.</summary>
    public required byte[] Salt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class RecoveryCodeTable : IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<RecoveryCode> code)
    {
        code.ToTable("recovery_codes");
        code.HasKey(c => new { c.UserId, c.Hash });
        code.Property(c => c.Hash).HasMaxLength(32);
        code.Property(c => c.Salt).HasMaxLength(16);
        code.HasOne<User>().WithMany().HasForeignKey(c => c.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
