using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Revocation;

/// <summary>
/// One act that ends the sessions of many people: what it covers, and how far it has come. From its commit on the
/// <see cref="Sessions.SessionCutoff"/> of the same identifier refuses them all; the rows are ended one chunk after the
/// other, by any node, and after a crash from where it stood.
/// </summary>
internal sealed class MassRevocation
{
    public required Guid Id { get; init; }

    /// <summary><see cref="RevocationReason.EveryoneRevoked"/> or <see cref="RevocationReason.RelyingPartyRevoked"/>.</summary>
    public required RevocationReason Reason { get; init; }

    /// <summary>Sessions that began at this instant or earlier end.</summary>
    public required DateTimeOffset Before { get; init; }

    /// <summary>Only those in which this relying party had taken part by then; null for everyone's.</summary>
    public string? ClientId { get; init; }

    /// <summary>Who asked for it, in the form of <see cref="Revocation.Initiator"/>.</summary>
    public required string Initiator { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How many sessions it covered when it was started: what the progress is measured by.</summary>
    public required long Expected { get; init; }

    public MassRevocationState State { get; set; }
    public long Sessions { get; set; }

    /// <summary>How many persons' acts it made; a person whose sessions lie on two chunks counts twice.</summary>
    public long People { get; set; }
    public long Deliveries { get; set; }

    /// <summary>Where the next chunk begins, in the order of <c>(user_id, id)</c>; then, of subjects with grants.</summary>
    public Guid CursorUser { get; set; }
    public Guid CursorSession { get; set; }
    public string? CursorSubject { get; set; }

    /// <summary>When the last row was ended, or the act was given up.</summary>
    public DateTimeOffset? FinishedAt { get; set; }
}

internal enum MassRevocationState
{
    /// <summary>Sessions are being ended.</summary>
    EndingSessions,

    /// <summary>Every session has ended; long-lived grants of people who were signed in nowhere are being revoked.</summary>
    RevokingGrants,

    /// <summary>Everything is ended. The cut-off stays a while, for sign-ins that were being written meanwhile.</summary>
    Finished,

    /// <summary>Finished, and the cut-off is gone.</summary>
    Closed,

    /// <summary>Given up: what had ended stays ended, the others may go on.</summary>
    Cancelled,
}

internal sealed class MassRevocationTable : IEntityTypeConfiguration<MassRevocation>
{
    public void Configure(EntityTypeBuilder<MassRevocation> mass)
    {
        mass.ToTable("mass_revocations");
        mass.Property(m => m.Reason).HasConversion<string>().HasMaxLength(40);
        mass.Property(m => m.ClientId).HasMaxLength(100);
        mass.Property(m => m.Initiator).HasMaxLength(120);
        mass.Property(m => m.State).HasConversion<string>().HasMaxLength(20);
        mass.Property(m => m.CursorSubject).HasMaxLength(400);
        mass.HasIndex(m => m.Id).HasFilter("state IN ('EndingSessions', 'RevokingGrants', 'Finished')").HasDatabaseName("ix_mass_revocations_open");
    }
}
