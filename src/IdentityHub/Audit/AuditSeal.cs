using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Audit;

/// <summary>
/// The place of one entry in the chain. Written with the entry, in one transaction; the place is given later, by
/// <see cref="AuditSealing"/>, and then never changes.
/// </summary>
internal sealed class AuditSeal
{
    public required Guid EntryId { get; init; }

    /// <summary>From 1, without gaps. Null until the entry has its place.</summary>
    public long? Sequence { get; set; }

    /// <summary>The entry and all before it: <see cref="AuditChain.Link"/>.</summary>
    public byte[]? Hash { get; set; }

    /// <summary>What the chain knows of where the act came from: <see cref="AuditChain.Trace"/>. Stays when that is erased.</summary>
    public byte[]? Trace { get; set; }
}

internal sealed class AuditSealTable : IEntityTypeConfiguration<AuditSeal>
{
    public void Configure(EntityTypeBuilder<AuditSeal> seal)
    {
        seal.ToTable("audit_seals");
        seal.HasKey(s => s.EntryId);
        // A table beside the entries, and no reference to them: the entries are never written again, and one that was
        // deleted leaves its place behind, which names it.
        seal.Property(s => s.EntryId).ValueGeneratedNever();
        seal.Property(s => s.Hash).HasMaxLength(AuditChain.HashBytes);
        seal.Property(s => s.Trace).HasMaxLength(AuditChain.HashBytes);
        seal.HasIndex(s => s.Sequence).IsUnique().HasFilter("sequence IS NOT NULL").HasDatabaseName("ix_audit_seals_chain");
        seal.HasIndex(s => s.EntryId).HasFilter("sequence IS NULL").HasDatabaseName("ix_audit_seals_waiting");
    }
}
