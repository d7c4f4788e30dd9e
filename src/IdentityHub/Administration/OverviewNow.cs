using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Administration;

/// <summary>
/// How it stands, as one node counted it a moment ago: one row. To count millions costs a part of a second, which is spent
/// while somebody looks, at most a twentieth of the time, and by no page.
/// </summary>
internal sealed class OverviewNow
{
    public const int Only = 1;

    public required int Id { get; init; }

    /// <summary>When it was counted.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>Not again before.</summary>
    public DateTimeOffset PaceAt { get; set; }

    /// <summary>Somebody looks until then.</summary>
    public DateTimeOffset WantedUntil { get; set; }

    /// <summary>A node is counting until then.</summary>
    public DateTimeOffset LeasedUntil { get; set; }

    public long LiveSessions { get; set; }

    /// <summary>The <see cref="OverviewParty"/>s as JSON.</summary>
    public string Parties { get; set; } = "[]";
}

internal sealed class OverviewNowTable : IEntityTypeConfiguration<OverviewNow>
{
    public void Configure(EntityTypeBuilder<OverviewNow> now)
    {
        now.ToTable("overview_now");
        now.Property(n => n.Id).ValueGeneratedNever();
        var never = DateTimeOffset.UnixEpoch;
        now.HasData(new OverviewNow { Id = OverviewNow.Only, At = never, PaceAt = never, WantedUntil = never, LeasedUntil = never });
    }
}
