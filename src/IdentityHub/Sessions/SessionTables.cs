using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace IdentityHub.Sessions;

internal sealed class UserSessionTable : IEntityTypeConfiguration<UserSession>
{
    public void Configure(EntityTypeBuilder<UserSession> session)
    {
        session.ToTable("user_sessions");
        session.Property(s => s.Sid).HasMaxLength(43);
        session.Property(s => s.CookieHash).HasMaxLength(32);
        session.Property(s => s.Amr).HasMaxLength(60);
        session.Property(s => s.UserAgent).HasMaxLength(400);
        session.Property(s => s.Device).HasMaxLength(ClientHints.Longest);
        session.Property(s => s.IpAddress).HasMaxLength(45);
        session.Property(s => s.IdleTimeout).HasConversion(new WholeSeconds());
        session.Property(s => s.AbsoluteTimeout).HasConversion(new WholeSeconds());
        session.HasIndex(s => s.Sid).IsUnique();
        session.HasIndex(s => s.CookieHash).IsUnique();
        session.HasOne(s => s.User).WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Restrict);
        // Partial: "my sessions", "end this person" and the sweep touch live rows only, however many have ended.
        session.HasIndex(s => new { s.UserId, s.Id }).HasFilter("ended_at IS NULL").HasDatabaseName("ix_user_sessions_live_by_user");
        session.HasIndex(s => s.ExpiresAt).HasFilter("ended_at IS NULL").HasDatabaseName("ix_user_sessions_live_by_expiry");
        session.HasIndex(s => s.EndedAt).HasFilter("ended_at IS NOT NULL").HasDatabaseName("ix_user_sessions_ended");
        // What an act of revocation ended, for the page of who signs out: among all that ever ended.
        session.HasIndex(s => s.RevocationId).HasFilter("revocation_id IS NOT NULL").HasDatabaseName("ix_user_sessions_revocation");
    }

    // Both databases know a number; only one knows an interval.
    private sealed class WholeSeconds() : ValueConverter<TimeSpan, int>(span => (int)span.TotalSeconds, seconds => TimeSpan.FromSeconds(seconds));
}

internal sealed class SessionParticipantTable : IEntityTypeConfiguration<SessionParticipant>
{
    public void Configure(EntityTypeBuilder<SessionParticipant> participant)
    {
        participant.ToTable("session_participants");
        participant.HasKey(p => new { p.SessionId, p.ClientId });
        participant.Property(p => p.ClientId).HasMaxLength(100);
        participant.HasOne<UserSession>().WithMany().HasForeignKey(p => p.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
