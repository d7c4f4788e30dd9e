using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Messaging;

/// <summary>
/// A message that was decided in a transaction and must reach the bus after it. Deleted once the broker has
/// confirmed it, so an empty table means that nothing is owed.
/// </summary>
internal sealed class OutboxMessage
{
    public required Guid Id { get; init; }

    /// <summary>The contract's name, for example <c>SessionsRevoked</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The contract as JSON.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>W3C Trace Context of the act; null without one.</summary>
    public string? TraceParent { get; init; }
}

internal sealed class OutboxMessageTable : IEntityTypeConfiguration<OutboxMessage>
{
    public void Configure(EntityTypeBuilder<OutboxMessage> message)
    {
        message.ToTable("outbox_messages");
        message.Property(m => m.Type).HasMaxLength(60);
        message.Property(m => m.TraceParent).HasMaxLength(TraceContext.Length);
    }
}
