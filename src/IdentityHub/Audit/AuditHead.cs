using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Audit;

/// <summary>The end of the chain: one row, held by whoever appends.</summary>
internal sealed class AuditHead
{
    public const short TheOne = 1;

    public required short Id { get; init; }

    /// <summary>The place given last; 0 before the first.</summary>
    public required long Sequence { get; set; }

    /// <summary>The hash at that place.</summary>
    public required byte[] Hash { get; set; }

    /// <summary>
    /// Of the two above, under a key that is not in the database: whoever can write there can compute every hash anew, and
    /// not this. Empty before the first.
    /// </summary>
    public required byte[] Mac { get; set; }

    public DateTimeOffset? SealedAt { get; set; }
}

internal sealed class AuditHeadTable : IEntityTypeConfiguration<AuditHead>
{
    public void Configure(EntityTypeBuilder<AuditHead> head)
    {
        head.ToTable("audit_head");
        head.Property(h => h.Id).ValueGeneratedNever();
        head.Property(h => h.Hash).HasMaxLength(AuditChain.HashBytes);
        head.Property(h => h.Mac).HasMaxLength(AuditChain.HashBytes);
        head.HasData(new AuditHead { Id = AuditHead.TheOne, Sequence = 0, Hash = AuditChain.Genesis, Mac = [] });
    }
}
