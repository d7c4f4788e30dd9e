using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Revocation;

/// <summary>One act that ended sessions: why, by whom, how many. Its deliveries say who has confirmed.</summary>
internal sealed class RevocationRecord
{
    public required Guid Id { get; init; }
    public required RevocationReason Reason { get; init; }

    /// <summary>Who asked for it, in the form of <see cref="Initiator"/>.</summary>
    public required string Initiator { get; init; }

    /// <summary>The person whose sessions ended.</summary>
    public required Guid UserId { get; init; }

    public required DateTimeOffset At { get; init; }
    public required int Sessions { get; init; }
    public required int RelyingParties { get; init; }

    /// <summary>The act on many that this was a part of.</summary>
    public Guid? MassRevocationId { get; init; }
}

internal sealed class RevocationRecordTable : IEntityTypeConfiguration<RevocationRecord>
{
    public void Configure(EntityTypeBuilder<RevocationRecord> record)
    {
        record.ToTable("revocations");
        record.Property(r => r.Reason).HasConversion<string>().HasMaxLength(40);
        record.Property(r => r.Initiator).HasMaxLength(120);
        record.HasIndex(r => new { r.UserId, r.Id });
        // The filters of the administration, each the newest first.
        record.HasIndex(r => new { r.Reason, r.Id });
        record.HasIndex(r => new { r.Initiator, r.Id });
        record.HasIndex(r => new { r.MassRevocationId, r.Id }).HasFilter("mass_revocation_id IS NOT NULL");
    }
}
