using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Audit;

/// <summary>
/// What happened, to whom, by whom (ASVS 16.2.1). Appended, never changed; only where the person's acts came from is
/// erased with the account, together with <see cref="TraceSalt"/>.
/// </summary>
internal sealed class AuditEntry
{
    public const int LongestUserAgent = 300;

    /// <summary>How <see cref="Actor"/> begins where an administrator acted.</summary>
    public const string Administrator = "admin:";

    public required Guid Id { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, in snake case: <c>signed_in</c>, <c>session_revoked</c>, …</summary>
    public required string Action { get; init; }

    /// <summary>The person it happened to.</summary>
    public Guid? UserId { get; init; }

    /// <summary>Who did it: <c>user:…</c>, <c>admin:…</c>, <c>client:…</c> or <c>system</c>.</summary>
    public required string Actor { get; init; }

    public Guid? SessionId { get; init; }

    /// <summary>Where a person's act came from. Null for what a program did.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The browser's own description, cut to 300 characters; shown encoded, never trusted.</summary>
    public string? UserAgent { get; init; }

    /// <summary>
    /// Random, beside an address or a browser: the chain covers those two by a hash with this salt, which says nothing
    /// about them any more once the three are erased.
    /// </summary>
    public byte[]? TraceSalt { get; init; }

    /// <summary>Whose address and browser these are: an administrator's where one acted, otherwise the person's.</summary>
    public Guid? TraceOf => AdministratorIn(Actor) ?? UserId;

    /// <summary>The administrator whom an <see cref="Actor"/> names; null when it was somebody else.</summary>
    public static Guid? AdministratorIn(string actor) =>
        actor.StartsWith(Administrator, StringComparison.Ordinal) && Guid.TryParse(actor.AsSpan(Administrator.Length), out var administrator) ? administrator : null;

    /// <summary>Particulars as JSON; no secret, token or e-mail address.</summary>
    public string? Details { get; init; }
}

internal sealed class AuditEntryTable : IEntityTypeConfiguration<AuditEntry>
{
    public void Configure(EntityTypeBuilder<AuditEntry> entry)
    {
        entry.ToTable("audit_entries");
        entry.Property(e => e.Action).HasMaxLength(60);
        entry.Property(e => e.Actor).HasMaxLength(120);
        entry.Property(e => e.IpAddress).HasMaxLength(45);
        entry.Property(e => e.UserAgent).HasMaxLength(AuditEntry.LongestUserAgent);
        entry.Property(e => e.TraceSalt).HasMaxLength(AuditChain.SaltBytes);
        // Whatever the trail is asked for, the newest first: what a person, an actor, an action has is found without the rest.
        entry.HasIndex(e => new { e.UserId, e.Id });
        entry.HasIndex(e => new { e.Actor, e.Id });
        entry.HasIndex(e => new { e.Action, e.Id });
    }
}
