using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using System.Text.Json;

namespace IdentityHub.Administration;

/// <summary>Counts for <see cref="Overview"/>: of all nodes one at a time, and while nobody looks only every five minutes.</summary>
internal sealed partial class OverviewCount(IServiceScopeFactory scopes, TimeProvider time, ILogger<OverviewCount> log) : Recurring(TimeSpan.FromSeconds(5), time)
{
    private const int MostParties = 20;
    private const int Sample = 5000;

    private static readonly TimeSpan WhenNobodyLooks = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Fastest = TimeSpan.FromSeconds(4);

    // What is still being written when an hour is over is counted in it all the same: it stands once it was counted this
    // long after its end, however long ago it ended.
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(10);

    protected override async Task<bool> DoAsync(CancellationToken stopping)
    {
        await CountAsync(stopping);
        return false;
    }

    protected override void Failed(Exception problem) => Log.Failed(log, problem);

    /// <summary>Counts if it is time and no other node does. False when it was not.</summary>
    internal async Task<bool> CountAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<HubDb>();
        var now = Time.GetUtcNow();
        var quiet = now - WhenNobodyLooks;
        var due = db.Set<OverviewNow>().Where(n => n.LeasedUntil <= now && n.PaceAt <= now && (n.WantedUntil > now || n.At <= quiet));
        // Looked at first, so that nothing is written when there is nothing to do.
        if (!await due.AnyAsync(cancel) || await due.ExecuteUpdateAsync(n => n.SetProperty(x => x.LeasedUntil, now + Lease), cancel) == 0)
        {
            return false;
        }

        var started = Time.GetTimestamp();
        var before = await db.Set<OverviewNow>().Select(n => n.At).SingleAsync(cancel);
        await CountHoursAsync(db, before, now, cancel);
        var live = await db.Live(now).LongCountAsync(cancel);
        var parties = JsonSerializer.Serialize(await PartiesAsync(db, scope.ServiceProvider.GetRequiredService<UnansweredDeliveries>(), cancel), JsonSerializerOptions.Web);
        // At most a twentieth of the time is spent counting.
        var pause = Time.GetElapsedTime(started) * 20;
        await db.Set<OverviewNow>().ExecuteUpdateAsync(
            n => n.SetProperty(x => x.At, now)
                .SetProperty(x => x.PaceAt, now + (pause > Fastest ? pause : Fastest))
                .SetProperty(x => x.LeasedUntil, now)
                .SetProperty(x => x.LiveSessions, live)
                .SetProperty(x => x.Parties, parties),
            cancel);
        return true;
    }

    private static async Task CountHoursAsync(HubDb db, DateTimeOffset before, DateTimeOffset now, CancellationToken cancel)
    {
        var present = Overview.HourOf(now);
        var first = present.AddHours(-Overview.Hours);
        await db.Set<OverviewHour>().Where(h => h.Hour < first).ExecuteDeleteAsync(cancel);
        var stand = Overview.HourOf(before - Late);
        var settled = await db.Set<OverviewHour>().Where(h => h.Hour < stand).Select(h => h.Hour).ToListAsync(cancel);
        foreach (var hour in Enumerable.Range(0, Overview.Hours + 1).Select(n => first.AddHours(n)).Except(settled))
        {
            var counted = await CountHourAsync(db, hour, cancel);
            await db.InTransactionAsync(
                async () =>
                {
                    await db.Set<OverviewHour>().Where(h => h.Hour == hour).ExecuteDeleteAsync(cancel);
                    db.Add(counted);
                    return await db.SaveChangesAsync(cancel);
                },
                cancel: cancel);
            db.ChangeTracker.Clear();
        }
    }

    // Identifiers grow with time: the rows of an hour are a range of the primary key, and no other is looked at.
    private static async Task<OverviewHour> CountHourAsync(HubDb db, DateTimeOffset hour, CancellationToken cancel)
    {
        var (from, to) = (IdsOfTime.First(hour), IdsOfTime.First(hour.AddHours(1)));
        var acts = await db.Set<RevocationRecord>().Where(r => r.Id >= from && r.Id < to).GroupBy(_ => 1).Select(g => new { Count = g.Count(), Sessions = g.Sum(r => r.Sessions) }).SingleOrDefaultAsync(cancel);
        // The latest few thousand say what the hour was like.
        var confirmed = await db.Set<LogoutDelivery>()
            .Where(d => d.Id >= from && d.Id < to && d.State == DeliveryState.Confirmed && d.SettledAt != null)
            .OrderByDescending(d => d.Id).Take(Sample).Select(d => new { d.CreatedAt, d.SettledAt }).ToListAsync(cancel);
        var took = confirmed.Select(d => (int)Math.Max(0, (d.SettledAt!.Value - d.CreatedAt).TotalMilliseconds)).Order().ToList();
        return new()
        {
            Hour = hour,
            SignIns = await db.Set<UserSession>().CountAsync(s => s.Id >= from && s.Id < to, cancel),
            Revocations = acts?.Count ?? 0,
            SessionsEnded = acts?.Sessions ?? 0,
            P50 = Percentile(took, 50),
            P95 = Percentile(took, 95),
            P99 = Percentile(took, 99),
        };
    }

    private static async Task<List<OverviewParty>> PartiesAsync(HubDb db, UnansweredDeliveries unanswered, CancellationToken cancel)
    {
        var waiting = await db.Set<LogoutDelivery>().Where(d => d.NextAttemptAt != null)
            .GroupBy(d => d.ClientId).Select(g => new { ClientId = g.Key, Count = g.Count(), Oldest = g.Min(d => d.CreatedAt) }).ToDictionaryAsync(w => w.ClientId, cancel);
        var failed = (await unanswered.CountAsync()).ToDictionary(u => u.ClientId);
        var all = waiting.Keys.Union(failed.Keys).Select(c => new OverviewParty(
            c, c, waiting.GetValueOrDefault(c)?.Count ?? 0, waiting.GetValueOrDefault(c)?.Oldest, failed.GetValueOrDefault(c)?.Rejected ?? 0, failed.GetValueOrDefault(c)?.Unconfirmed ?? 0)).ToList();
        var (worst, others) = Worst(all);
        var clients = worst.Select(p => p.ClientId).ToList();
        var names = await db.Set<RelyingParty>().Where(r => clients.Contains(r.ClientId!)).ToDictionaryAsync(r => r.ClientId!, r => r.DisplayName, cancel);
        return [.. worst.Select(p => p with { Name = names.GetValueOrDefault(p.ClientId) ?? p.ClientId }), .. others is null ? (OverviewParty[])[] : [others]];
    }

    /// <summary>Those that most is the matter with, the worst first, and all the others as one. Pure.</summary>
    internal static (IReadOnlyList<OverviewParty> Worst, OverviewParty? Others) Worst(IReadOnlyList<OverviewParty> all)
    {
        var ordered = all.OrderByDescending(p => p.Waiting + p.Rejected + p.Unconfirmed).ToList();
        var rest = ordered.Skip(MostParties).ToList();
        return (
            ordered.Take(MostParties).ToList(),
            rest.Count == 0 ? null : new OverviewParty(OverviewParty.Others, "", rest.Sum(p => p.Waiting), rest.Min(p => p.OldestAt), rest.Sum(p => p.Rejected), rest.Sum(p => p.Unconfirmed)));
    }

    /// <summary>The smallest value that so many of a hundred do not exceed (nearest rank). Pure.</summary>
    internal static int? Percentile(IReadOnlyList<int> ordered, int percent) =>
        ordered.Count == 0 ? null : ordered[(int)Math.Ceiling(ordered.Count * percent / 100d) - 1];

    private static partial class Log
    {
        [LoggerMessage(9101, LogLevel.Warning, "The overview of the administration could not be counted; it shows its age, and the next round tries again.")]
        public static partial void Failed(ILogger logger, Exception problem);
    }
}
