using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace IdentityHub.Administration;

/// <summary>What happened in one hour, counted once when it is over: a look at the last day reads 25 rows, however much happened.</summary>
internal sealed class OverviewHour
{
    /// <summary>Its beginning.</summary>
    public required DateTimeOffset Hour { get; init; }

    public required int SignIns { get; init; }

    /// <summary>Acts that ended sessions, and how many sessions those were.</summary>
    public required int Revocations { get; init; }
    public required int SessionsEnded { get; init; }

    /// <summary>Milliseconds from the commit to the application's confirmation; null when nothing was confirmed.</summary>
    public int? P50 { get; init; }
    public int? P95 { get; init; }
    public int? P99 { get; init; }
}

internal sealed class OverviewHourTable : IEntityTypeConfiguration<OverviewHour>
{
    public void Configure(EntityTypeBuilder<OverviewHour> hour)
    {
        hour.ToTable("overview_hours");
        hour.HasKey(h => h.Hour);
    }
}
