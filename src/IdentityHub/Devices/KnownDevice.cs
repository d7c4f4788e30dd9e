using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Devices;

/// <summary>One person at one browser that has signed in before. Several people of one browser share its cookie, and nothing else.</summary>
internal sealed class KnownDevice
{
    public required Guid Id { get; init; }
    public required Guid UserId { get; init; }
    public User? User { get; init; }

    /// <summary>SHA-256 of the cookie's value, which changes with every sign-in.</summary>
    public required byte[] CookieHash { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset LastUsedAt { get; set; }

    /// <summary>Until when the second factor is not asked for here; null when the person did not choose it, or a security event took it back.</summary>
    public DateTimeOffset? TrustedUntil { get; set; }

    /// <summary>The browser's own description, cut to 400 characters; shown encoded, never trusted.</summary>
    public string? UserAgent { get; set; }

    public string? IpAddress { get; set; }
}

internal sealed class KnownDeviceTable : IEntityTypeConfiguration<KnownDevice>
{
    public void Configure(EntityTypeBuilder<KnownDevice> device)
    {
        device.ToTable("known_devices");
        device.Property(d => d.CookieHash).HasMaxLength(32);
        device.Property(d => d.UserAgent).HasMaxLength(400);
        device.Property(d => d.IpAddress).HasMaxLength(45);
        device.HasOne(d => d.User).WithMany().HasForeignKey(d => d.UserId).OnDelete(DeleteBehavior.Cascade);
        device.HasIndex(d => new { d.CookieHash, d.UserId }).IsUnique();
        device.HasIndex(d => d.LastUsedAt);
        device.HasIndex(d => d.UserId);
    }
}
