using System.Globalization;
using IdentityHub.Client.RevokedTokens;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Client.Tests.RevokedTokens;

public sealed class EndedMarksTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public void What_was_added_is_found_and_nothing_else()
    {
        var marks = new EndedMarks(Lifetime, 100_000, _time);
        for (var n = 0; n < 20_000; n++)
        {
            Assert.True(marks.Add(Name(n), EndedMarks.Always));
        }

        Assert.All(Enumerable.Range(0, 20_000), n => Assert.Equal(EndedMarks.Always, marks.Find(Name(n))));
        Assert.All(Enumerable.Range(20_000, 20_000), n => Assert.Equal(0u, marks.Find(Name(n))));
        Assert.Equal(20_000, marks.Count);
    }

    [Fact]
    public void The_later_instant_of_a_person_counts_whichever_came_first()
    {
        var marks = new EndedMarks(Lifetime, 100, _time);

        marks.Add("ada", 200);
        marks.Add("ada", 100);
        Assert.Equal(200u, marks.Find("ada"));
        // In two generations as well.
        _time.Advance(Lifetime);
        marks.Add("ada", 150);
        Assert.Equal(200u, marks.Find("ada"));
    }

    [Fact]
    public void Each_is_remembered_for_a_lifetime_and_forgotten_after_two()
    {
        var marks = new EndedMarks(Lifetime, 100_000, _time);
        var added = new List<DateTimeOffset>();
        for (var minute = 0; minute < 60; minute++)
        {
            marks.Add(Name(minute), EndedMarks.Always);
            added.Add(_time.GetUtcNow());
            for (var n = 0; n <= minute; n++)
            {
                var age = _time.GetUtcNow() - added[n];
                if (age < Lifetime)
                {
                    Assert.NotEqual(0u, marks.Find(Name(n)));
                }
                else if (age > 2 * Lifetime)
                {
                    Assert.Equal(0u, marks.Find(Name(n)));
                }
            }

            _time.Advance(TimeSpan.FromMinutes(1));
        }

        _time.Advance(2 * Lifetime);
        marks.Sweep();
        Assert.Equal(0, marks.Count);
    }

    [Fact]
    public void What_there_is_no_room_for_is_said()
    {
        var marks = new EndedMarks(Lifetime, 1000, _time);
        for (var n = 0; n < 1000; n++)
        {
            Assert.True(marks.Add(Name(n), EndedMarks.Always));
        }

        Assert.False(marks.Add("one more", EndedMarks.Always));
        _time.Advance(2 * Lifetime);
        Assert.True(marks.Add("one more", EndedMarks.Always));
    }

    [Fact]
    public async Task Readers_never_miss_what_was_added_while_it_grows_and_turns()
    {
        const int Count = 200_000;
        const int Turn = 20_000;
        var marks = new EndedMarks(Lifetime, 10 * Count, _time);
        var added = 0;
        var misses = 0;
        var readers = Enumerable.Range(0, 2).Select(reader => Task.Run(() =>
        {
            var back = reader;
            while (Volatile.Read(ref added) is var upTo && upTo < Count)
            {
                // Of the last ones, which cannot have been forgotten.
                var n = Math.Max(0, upTo - 1 - (back = ((back * 31) + 7) % 1000));
                // A reader that was held up while the writer went on for a lifetime may find it forgotten.
                if (upTo > 0 && marks.Find(Name(n)) == 0 && Volatile.Read(ref added) - n < Turn)
                {
                    Interlocked.Increment(ref misses);
                }
            }
        })).ToArray();
        for (var n = 0; n < Count; n++)
        {
            marks.Add(Name(n), EndedMarks.Always);
            Volatile.Write(ref added, n + 1);
            if (n % Turn == 0)
            {
                _time.Advance(Lifetime);
            }
        }

        await Task.WhenAll(readers);
        Assert.Equal(0, misses);
    }

    private static string Name(int n) => string.Create(CultureInfo.InvariantCulture, $"sid-{n:D8}-kq0mJ0oJ2yV3r1cXo8x9");
}
