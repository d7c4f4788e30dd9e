using IdentityHub.Users;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Data;

/// <summary>
/// The hub's database. Each capability maps its own entities beside them; this class only gathers the mappings and
/// names what differs between the two providers.
/// </summary>
internal abstract class HubDb(DbContextOptions options) : IdentityDbContext<User, Role, Guid>(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>Appended to a SELECT: its rows stay as they are until the transaction ends; others may share them.</summary>
    public abstract string ForShare { get; }

    /// <summary>Appended to a SELECT: nobody else changes or shares its rows until the transaction ends.</summary>
    public abstract string ForUpdate { get; }

    /// <summary>Version 3 of Identity's schema is the one with passkeys.</summary>
    protected override Version SchemaVersion => IdentitySchemaVersions.Version3;

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(HubDb).Assembly);
        SnakeCaseNames.Apply(builder.Model);
    }
}
