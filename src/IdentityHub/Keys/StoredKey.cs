using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Keys;

/// <summary>A signing or encryption key as the database holds it: its material is encrypted under the installation's secret.</summary>
internal sealed class StoredKey
{
    /// <summary>The <c>kid</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>RS256</c>, <c>ES256</c> for signing, <c>A256KW</c> for the hub's own codes and refresh tokens.</summary>
    public required string Algorithm { get; init; }

    /// <summary>PKCS#8 or raw key, sealed under the installation's secret.</summary>
    public required byte[] Sealed { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Published from <see cref="CreatedAt"/>, used from here on: relying parties have fetched it before they meet it.</summary>
    public required DateTimeOffset ActiveFrom { get; init; }

    /// <summary>No longer published nor accepted after this; null while no successor is active.</summary>
    public DateTimeOffset? RetiresAt { get; set; }
}

internal sealed class StoredKeyTable : IEntityTypeConfiguration<StoredKey>
{
    public void Configure(EntityTypeBuilder<StoredKey> key)
    {
        key.ToTable("stored_keys");
        key.Property(k => k.Id).HasMaxLength(43);
        key.Property(k => k.Algorithm).HasMaxLength(10);
        // Two nodes that start at once on an empty database create one first generation between them.
        key.HasIndex(k => new { k.Algorithm, k.ActiveFrom }).IsUnique();
    }
}
