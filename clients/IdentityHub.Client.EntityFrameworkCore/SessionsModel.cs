using Microsoft.EntityFrameworkCore;

namespace IdentityHub.Client.EntityFrameworkCore;

/// <summary>The tables of <see cref="EntityFrameworkSetup.AddIdentityHubSessions"/>.</summary>
public static class SessionsModel
{
    /// <summary>
    /// Adds the tables <c>IdentityHubSessions</c> and <c>IdentityHubEndedSessions</c> to a model. Call it in the context's
    /// <c>OnModelCreating</c> and make a migration.
    /// </summary>
    /// <param name="model">The model of the context that is to hold the sessions.</param>
    /// <returns>The same model.</returns>
    public static ModelBuilder AddIdentityHubSessions(this ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        model.Entity<SessionRow>(row =>
        {
            row.ToTable("IdentityHubSessions").HasKey(s => s.Key);
            row.Property(s => s.Key).HasMaxLength(64).IsUnicode(false);
            row.Property(s => s.SubjectMark).HasMaxLength(64).IsUnicode(false);
            row.Property(s => s.SidMark).HasMaxLength(64).IsUnicode(false);
            row.HasIndex(s => s.SubjectMark);
            row.HasIndex(s => s.SidMark);
            row.HasIndex(s => s.ExpiresAt);
        });
        model.Entity<EndedRow>(row =>
        {
            row.ToTable("IdentityHubEndedSessions").HasKey(e => e.TokenMark);
            row.Property(e => e.TokenMark).HasMaxLength(64).IsUnicode(false);
            row.Property(e => e.SidMark).HasMaxLength(64).IsUnicode(false);
            row.Property(e => e.SubjectMark).HasMaxLength(64).IsUnicode(false);
            row.HasIndex(e => e.SidMark);
            row.HasIndex(e => new { e.SubjectMark, e.IssuedAt });
            row.HasIndex(e => e.KeepUntil);
        });
        return model;
    }
}
