using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Mail;

/// <summary>
/// A mail that a transaction decided on, written in it: it is sent exactly when the act is done. What it says and to whom
/// is here only until it has been sent.
/// </summary>
internal sealed class QueuedMail
{
    public required Guid Id { get; init; }

    /// <summary>What is it about: the name of its texts.</summary>
    public required string Kind { get; init; }

    /// <summary>The person it is about, null when there is none.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The address, sealed together with what the mail says (<see cref="MailSeal"/>); null once it is settled.</summary>
    public byte[]? Content { get; set; }

    /// <summary>The address as SHA-256 of its normal form: how many mails it got is counted by it.</summary>
    public required byte[] RecipientHash { get; init; }

    /// <summary>Anybody can cause it, knowing nothing but the address.</summary>
    public required bool AskedFor { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
    public required MailState State { get; set; }

    /// <summary>When it is to be tried next; meaningless once settled.</summary>
    public required DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>After this instant it is of no use to anybody and not sent any more.</summary>
    public required DateTimeOffset GiveUpAt { get; init; }

    public int Attempts { get; set; }

    /// <summary>A sender holds the row until then; when it died, the row is free again.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    public DateTimeOffset? SettledAt { get; set; }
}

internal enum MailState
{
    Pending,

    /// <summary>The mail server took it, or it lies in the pickup folder.</summary>
    Sent,

    /// <summary>The mail server will never take it: no such mailbox, say.</summary>
    Refused,

    /// <summary>The mail server did not take it until it was of no use any more.</summary>
    GivenUp,

    /// <summary>Never meant to be sent: to an address without an account, or one too many. Written all the same, so that the request takes as long.</summary>
    Withheld,
}

internal sealed class QueuedMailTable : IEntityTypeConfiguration<QueuedMail>
{
    public void Configure(EntityTypeBuilder<QueuedMail> mail)
    {
        mail.ToTable("mails");
        mail.Property(m => m.Kind).HasMaxLength(40);
        mail.Property(m => m.RecipientHash).HasMaxLength(32);
        mail.Property(m => m.State).HasConversion<string>().HasMaxLength(10);
        mail.HasIndex(m => m.NextAttemptAt).HasFilter("state = 'Pending'").HasDatabaseName("ix_mails_due");
        mail.HasIndex(m => new { m.RecipientHash, m.CreatedAt }).HasFilter("asked_for").HasDatabaseName("ix_mails_asked_for");
        mail.HasIndex(m => m.SettledAt).HasFilter("settled_at IS NOT NULL").HasDatabaseName("ix_mails_settled");
    }
}
