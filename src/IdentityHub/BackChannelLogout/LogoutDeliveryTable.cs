using IdentityHub.Messaging;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.BackChannelLogout;

internal sealed class LogoutDeliveryTable : IEntityTypeConfiguration<LogoutDelivery>
{
    public void Configure(EntityTypeBuilder<LogoutDelivery> delivery)
    {
        delivery.ToTable("logout_deliveries");
        // PostgreSQL: room on each page for the claim, which changes nothing that is indexed and so stays on its page and
        // in no index. Otherwise each claim left an entry behind in every one of them.
        delivery.HasStorageParameter("fillfactor", 60);
        delivery.Property(d => d.ClientId).HasMaxLength(100);
        delivery.Property(d => d.Sid).HasMaxLength(43);
        delivery.Property(d => d.Subject).HasMaxLength(100);
        delivery.Property(d => d.State).HasConversion<string>().HasMaxLength(12);
        delivery.Property(d => d.LastOutcome).HasMaxLength(300);
        delivery.Property(d => d.TraceParent).HasMaxLength(TraceContext.Length);
        // I3: exactly one delivery per ended session and participant, whatever raced. Withdrawals leave the session live:
        // there may be several, and its end after them.
        delivery.HasIndex(d => new { d.SessionId, d.ClientId }).IsUnique().HasFilter("NOT withdrawal");
        delivery.HasIndex(d => d.SessionId).HasFilter("withdrawal").HasDatabaseName("ix_logout_deliveries_withdrawals");
        delivery.HasIndex(d => d.RevocationId);
        // By relying party first: the dispatcher takes the oldest few of each, and rows of one that hangs are not waded through.
        delivery.HasIndex(d => new { d.ClientId, d.NextAttemptAt }).HasFilter("next_attempt_at IS NOT NULL").HasDatabaseName("ix_logout_deliveries_due");
        // The acts of one relying party, the newest first, and when it last confirmed.
        delivery.HasIndex(d => new { d.ClientId, d.RevocationId });
        // What an administrator looks at: few rows among the many that were confirmed.
        delivery.HasIndex(d => new { d.ClientId, d.SettledAt }).HasFilter("state IN ('Rejected', 'Unconfirmed')").HasDatabaseName("ix_logout_deliveries_unanswered");
    }
}
