using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using IdentityHub.Keys;
using Xunit;

namespace IdentityHub.Tests.Keys;

public sealed class KeyScheduleTests
{
    private static readonly DateTimeOffset Day0 = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly KeyOptions Options = new();

    [Fact]
    public void The_first_generation_is_active_at_once()
    {
        Assert.Equal(KeySchedule.First, KeySchedule.Successor([], Day0, Options));

        var first = Key("1", Day0, KeySchedule.First);
        Assert.Same(first, KeySchedule.Active([first], Day0));
        Assert.False(KeySchedule.IsDue([first], Day0, Options));
    }

    [Fact]
    public void A_successor_is_published_a_day_before_it_is_used_and_both_are_accepted_for_thirty_days_more()
    {
        var first = Key("1", Day0, KeySchedule.First);
        Assert.Null(KeySchedule.Successor([first], Day0.AddDays(89).AddSeconds(-1), Options));
        Assert.Equal(Day0.AddDays(90), KeySchedule.Successor([first], Day0.AddDays(89), Options));

        var second = Key("2", Day0.AddDays(89), Day0.AddDays(90));
        StoredKey[] both = [first, second];
        Assert.Same(first, KeySchedule.Active(both, Day0.AddDays(90).AddSeconds(-1)));
        Assert.False(KeySchedule.IsDue(both, Day0.AddDays(90).AddSeconds(-1), Options));
        Assert.Same(second, KeySchedule.Active(both, Day0.AddDays(90)));

        var (retired, end) = Assert.Single(KeySchedule.ToRetire(both, Day0.AddDays(90), Options));
        Assert.Equal((first, Day0.AddDays(120)), (retired, end));
        first.RetiresAt = end;
        Assert.True(KeySchedule.Accepted(first, Day0.AddDays(120).AddSeconds(-1)));
        Assert.Empty(KeySchedule.ToDelete(both, Day0.AddDays(120).AddSeconds(-1)));
        Assert.False(KeySchedule.Accepted(first, Day0.AddDays(120)));
        Assert.Equal([first], KeySchedule.ToDelete(both, Day0.AddDays(120)));
        Assert.Equal(Day0.AddDays(180), KeySchedule.Successor(both, Day0.AddDays(179), Options));
    }

    [Fact]
    public void A_hub_that_was_away_at_the_due_time_still_publishes_ahead() =>
        Assert.Equal(Day0.AddDays(201), KeySchedule.Successor([Key("1", Day0, KeySchedule.First)], Day0.AddDays(200), Options));

    [Fact]
    public void A_clock_that_went_back_finds_an_active_key()
    {
        var second = Key("2", Day0.AddDays(89), Day0.AddDays(90));

        Assert.Same(second, KeySchedule.Active([second], Day0));
        Assert.Empty(KeySchedule.ToRetire([second], Day0, Options));
        Assert.Empty(KeySchedule.ToDelete([second], Day0));
    }

    /// <summary>Years of operation with whatever gaps: what relying parties rely on holds at every look.</summary>
    [Property(MaxTest = 200)]
    public Property No_key_is_used_before_it_was_announced_and_there_always_is_one(PositiveInt[] hours)
    {
        List<StoredKey> keys = [];
        var now = Day0;
        var number = 0;
        foreach (var step in hours.Select(h => h.Get % 2000 + 1).Prepend(1).Concat(Enumerable.Repeat(12, 400)))
        {
            now = now.AddHours(step);
            foreach (var (key, end) in KeySchedule.ToRetire(keys, now, Options).ToList())
            {
                key.RetiresAt = end;
            }

            keys.RemoveAll(KeySchedule.ToDelete(keys, now).ToList().Contains);
            if (KeySchedule.Successor(keys, now, Options) is { } activeFrom)
            {
                keys.Add(Key($"{++number}", now, activeFrom));
            }

            var active = KeySchedule.Active(keys, now);
            var announced = active.ActiveFrom == KeySchedule.First || active.CreatedAt <= active.ActiveFrom - Options.PublishAhead;
            var kept = keys.All(k => k.RetiresAt is not { } end || end >= keys.Where(l => l.ActiveFrom > k.ActiveFrom).Min(l => l.ActiveFrom) + Options.KeepRetired);
            if (!announced || !kept || !KeySchedule.Accepted(active, now) || active.ActiveFrom > now || KeySchedule.Successor(keys, now, Options) is not null)
            {
                return false.Label($"at {now:O}: {string.Join(", ", keys.Select(k => $"{k.Id} {k.CreatedAt:O} {k.ActiveFrom:O} {k.RetiresAt:O}"))}");
            }
        }

        return true.Label("");
    }

    private static StoredKey Key(string id, DateTimeOffset created, DateTimeOffset activeFrom) =>
        new() { Id = id, Algorithm = "RS256", Sealed = [], CreatedAt = created, ActiveFrom = activeFrom };
}
