using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.RevocationFeed;

/// <summary>
/// One thing that those who validate access tokens themselves must hear: a session that ended, or a person all of whose
/// tokens were revoked. Written in the transaction that did it; kept a little longer than any access token lives.
/// </summary>
internal sealed class FeedEntry
{
    public long Id { get; init; }

    /// <summary>
    /// On PostgreSQL the number of the transaction that wrote it, given by the database. On SQLite, which has one writer,
    /// the order of <see cref="Id"/> is the order of the commits, and this is 0.
    /// </summary>
    public long Transaction { get; private set; }

    /// <summary>The session that ended; null where all tokens of the person up to <see cref="At"/> were revoked.</summary>
    public string? Sid { get; init; }

    public required Guid UserId { get; init; }
    public required string Reason { get; init; }
    public required Guid RevocationId { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class FeedEntryTable : IEntityTypeConfiguration<FeedEntry>
{
    public void Configure(EntityTypeBuilder<FeedEntry> entry)
    {
        entry.ToTable("feed_entries");
        entry.Property(e => e.Transaction).IsTransactionNumber();
        entry.Property(e => e.Sid).HasMaxLength(43);
        entry.Property(e => e.Reason).HasMaxLength(40);
        // "Since": the table holds an hour, and a look touches what is new in it.
        entry.HasIndex(e => new { e.Transaction, e.Id }).HasDatabaseName("ix_feed_entries_since");
    }
}
