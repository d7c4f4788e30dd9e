using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Sessions;

/// <summary>
/// "Nobody who signed in before": while the row is there, every check refuses the sessions and long-lived grants it
/// covers, on every node, though their own rows still say that they are live. It holds the line while an act on many
/// ends them one after the other, and is removed when that is done, or given up.
/// </summary>
internal sealed class SessionCutoff
{
    /// <summary>The act that set it.</summary>
    public required Guid Id { get; init; }

    /// <summary>Sessions that began at this instant or earlier are refused.</summary>
    public required DateTimeOffset Before { get; init; }

    /// <summary>The same instant as the engine stores those of grants.</summary>
    public required DateTime GrantsBefore { get; init; }

    /// <summary>Only sessions in which this relying party took part by then, and only its grants; null for all.</summary>
    public string? ClientId { get; init; }
}

internal sealed class SessionCutoffTable : IEntityTypeConfiguration<SessionCutoff>
{
    public void Configure(EntityTypeBuilder<SessionCutoff> cutoff)
    {
        // At most a handful of rows, so that asking costs a look at one page.
        cutoff.ToTable("session_cutoffs");
        cutoff.Property(c => c.ClientId).HasMaxLength(100);
    }
}
