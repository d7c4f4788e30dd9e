using IdentityHub.Data;
using Microsoft.EntityFrameworkCore;
using System.Text.Json;

namespace IdentityHub.Administration;

/// <summary>How it stands and how the last day was, for whoever looks: a few rows, never a count.</summary>
internal sealed class Overview(HubDb db, TimeProvider time)
{
    public const int Hours = 24;

    private static readonly TimeSpan Wanted = TimeSpan.FromMinutes(2);

    public async Task<OverviewView> ReadAsync(CancellationToken cancel)
    {
        var now = time.GetUtcNow();
        var state = await db.Set<OverviewNow>().AsNoTracking().SingleAsync(n => n.Id == OverviewNow.Only, cancel);
        if (state.WantedUntil < now + (Wanted / 2))
        {
            await db.Set<OverviewNow>().ExecuteUpdateAsync(n => n.SetProperty(x => x.WantedUntil, now + Wanted), cancel);
        }

        var last = HourOf(now);
        var first = last.AddHours(1 - Hours);
        var counted = await db.Set<OverviewHour>().AsNoTracking().Where(h => h.Hour >= first).ToDictionaryAsync(h => h.Hour, cancel);
        var hours = Enumerable.Range(0, Hours).Select(n => first.AddHours(n)).Select(hour => counted.GetValueOrDefault(hour) is { } h
            ? new HourView(hour, h.SignIns, h.Revocations, h.SessionsEnded, h.P50, h.P95, h.P99)
            : new HourView(hour, 0, 0, 0, null, null, null)).ToList();
        return new(
            state.At == DateTimeOffset.UnixEpoch ? null : state.At, Math.Max(0, (int)(now - state.At).TotalSeconds), state.LiveSessions, hours,
            JsonSerializer.Deserialize<List<OverviewParty>>(state.Parties, JsonSerializerOptions.Web)!);
    }

    public static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}

/// <param name="At">When it was counted; null before the first time.</param>
/// <param name="Age">How many seconds ago.</param>
/// <param name="LiveSessions">Then.</param>
/// <param name="Hours">The last 24, the present one last.</param>
/// <param name="Parties">Applications that something waits for or that did not confirm, the worst first; after the worst twenty the others, as one.</param>
public sealed record OverviewView(DateTimeOffset? At, int Age, long LiveSessions, IReadOnlyList<HourView> Hours, IReadOnlyList<OverviewParty> Parties);

/// <param name="Hour">Its beginning.</param>
/// <param name="SignIns">Sessions that began.</param>
/// <param name="Revocations">Acts that ended sessions.</param>
/// <param name="SessionsEnded">How many sessions they ended.</param>
/// <param name="P50">Milliseconds to confirmation; null when nothing was confirmed.</param>
/// <param name="P95">95 of 100 were not slower.</param>
/// <param name="P99">99 of 100 were not slower.</param>
public sealed record HourView(DateTimeOffset Hour, int SignIns, int Revocations, int SessionsEnded, int? P50, int? P95, int? P99);

/// <param name="ClientId">The application; <see cref="Others"/> where it stands for several.</param>
/// <param name="Name">Its name; empty where it stands for several.</param>
/// <param name="Waiting">Deliveries that are tried or will be tried again.</param>
/// <param name="OldestAt">When the oldest of them was made; null when none waits.</param>
/// <param name="Rejected">It answered that it will not.</param>
/// <param name="Unconfirmed">It never answered until the horizon.</param>
public sealed record OverviewParty(string ClientId, string Name, int Waiting, DateTimeOffset? OldestAt, int Rejected, int Unconfirmed)
{
    /// <summary>No application has this client id.</summary>
    public const string Others = "";
}
