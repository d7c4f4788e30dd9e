using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Factors;

/// <summary>The authenticator app of a person: a secret that they have proved to have in it. One that was never proved has no row.</summary>
internal sealed class Authenticator
{
    public required Guid UserId { get; init; }

    /// <summary>The secret under the seal of the installation.</summary>
    public required byte[] SealedSecret { get; init; }

    /// <summary>The step whose code was taken last. Only later ones are taken from now on (RFC 6238 §5.2).</summary>
    public required long LastStep { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class AuthenticatorTable : IEntityTypeConfiguration<Authenticator>
{
    public void Configure(EntityTypeBuilder<Authenticator> authenticator)
    {
        authenticator.ToTable("authenticators");
        authenticator.HasKey(a => a.UserId);
        authenticator.HasOne<User>().WithOne().HasForeignKey<Authenticator>(a => a.UserId).OnDelete(DeleteBehavior.Cascade);
    }
}
