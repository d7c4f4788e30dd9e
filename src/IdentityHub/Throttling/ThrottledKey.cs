using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Throttling;

/// <summary>How often something was guessed at lately. Nothing of what it counts can be read out of it.</summary>
internal sealed class ThrottledKey
{
    /// <summary>A keyed hash of what is counted (<see cref="Guesses"/>).</summary>
    public required byte[] Key { get; init; }

    /// <summary>Wrong guesses, less what was forgotten by the instant <see cref="At"/>.</summary>
    public required double Level { get; set; }

    /// <summary>The last guess; null before the first.</summary>
    public DateTimeOffset? At { get; set; }
}

internal sealed class ThrottledKeyTable : IEntityTypeConfiguration<ThrottledKey>
{
    public void Configure(EntityTypeBuilder<ThrottledKey> throttled)
    {
        throttled.ToTable("throttled_keys");
        throttled.HasKey(t => t.Key);
        throttled.Property(t => t.Key).HasMaxLength(32);
        throttled.HasIndex(t => t.At);
    }
}
