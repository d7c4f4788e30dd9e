using System.Security.Cryptography;
using IdentityHub.Client.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>The contract of <see cref="ISessionStore"/>, on the store in memory.</summary>
public sealed class MemorySessionStoreTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly MemorySessionStore _store;

    public MemorySessionStoreTests() => _store = new(_time);

    [Fact]
    public async Task A_stored_session_is_found_by_its_key_alone()
    {
        var session = Session("ada", "s1");

        Assert.True(await _store.StoreAsync(session, None));

        Assert.Equal(session, await _store.FindAsync(session.Key, None));
        Assert.Null(await _store.FindAsync("s1", None));
    }

    [Fact]
    public async Task A_session_expires_and_cannot_be_extended_afterwards()
    {
        var session = await Stored("ada", "s1");
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Null(await _store.FindAsync(session.Key, None));
        Assert.False(await _store.ExtendAsync(session.Key, _time.GetUtcNow().AddHours(1), None));
        Assert.Null(await _store.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task Extending_moves_the_expiry()
    {
        var session = await Stored("ada", "s1");

        Assert.True(await _store.ExtendAsync(session.Key, _time.GetUtcNow().AddHours(2), None));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.NotNull(await _store.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task Extending_does_not_bring_back_an_ended_session()
    {
        var session = await Stored("ada", "s1");
        await _store.EndAsync(session.Key, None);

        Assert.False(await _store.ExtendAsync(session.Key, _time.GetUtcNow().AddHours(2), None));
        Assert.Null(await _store.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task A_session_stored_after_its_sid_was_ended_is_refused()
    {
        await _store.EndAsync(Notice(sid: "s1"), None);

        var late = Session("ada", "s1");

        Assert.False(await _store.StoreAsync(late, None));
        Assert.Null(await _store.FindAsync(late.Key, None));
        Assert.True(await _store.StoreAsync(Session("ada", "s2"), None));
        Assert.True(await _store.StoreAsync(Session("ada", "s1", issuer: "https://other.example"), None));
    }

    [Fact]
    public async Task An_ended_sid_is_forgotten_after_its_time()
    {
        await _store.EndAsync(Notice(sid: "s1"), None);
        _time.Advance(TimeSpan.FromMinutes(10));

        Assert.True(await _store.StoreAsync(Session("ada", "s1"), None));
    }

    [Fact]
    public async Task A_session_issued_before_the_person_was_ended_is_refused_and_a_later_one_is_not()
    {
        var before = Session("ada", "s1");
        _time.Advance(TimeSpan.FromSeconds(1));
        await _store.EndAsync(Notice(sub: "ada"), None);
        var sameSecond = Session("ada", "s2");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await _store.StoreAsync(before, None));
        Assert.False(await _store.StoreAsync(sameSecond, None));
        Assert.True(await _store.StoreAsync(Session("ada", "s3"), None));
        Assert.True(await _store.StoreAsync(Session("grace", "s4") with { IssuedAt = before.IssuedAt }, None));
    }

    [Fact]
    public async Task Of_two_notices_about_one_person_the_later_counts_in_either_order_of_arrival()
    {
        var early = Notice(sub: "ada");
        _time.Advance(TimeSpan.FromSeconds(5));
        var between = Session("ada", "s1");
        _time.Advance(TimeSpan.FromSeconds(5));
        var late = Notice(sub: "ada");

        await _store.EndAsync(late, None);
        await _store.EndAsync(early, None);

        Assert.False(await _store.StoreAsync(between, None));
    }

    [Fact]
    public async Task A_token_counts_once_and_its_replay_ends_nothing()
    {
        var notice = Notice(sub: "ada");
        Assert.Equal(LogoutOutcome.Ended, await _store.EndAsync(notice, None));
        _time.Advance(TimeSpan.FromSeconds(1));
        var session = await Stored("ada", "s1");

        Assert.Equal(LogoutOutcome.Replayed, await _store.EndAsync(notice, None));
        Assert.NotNull(await _store.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task A_sid_of_another_subject_changes_nothing_and_uses_up_nothing()
    {
        var session = await Stored("grace", "s1");
        var notice = Notice(sid: "s1", sub: "ada");

        Assert.Equal(LogoutOutcome.OtherSubject, await _store.EndAsync(notice, None));
        Assert.NotNull(await _store.FindAsync(session.Key, None));
        Assert.Equal(LogoutOutcome.OtherSubject, await _store.EndAsync(notice, None));
    }

    [Fact]
    public async Task One_sid_in_two_browsers_ends_both()
    {
        var (a, b) = (await Stored("ada", "s1"), await Stored("ada", "s1"));

        await _store.EndAsync(Notice(sid: "s1"), None);

        Assert.Null(await _store.FindAsync(a.Key, None));
        Assert.Null(await _store.FindAsync(b.Key, None));
    }

    [Theory] // I7: whichever comes first, no live session is left
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Sessions_racing_their_own_logouts_never_survive(bool bySid, bool bySub)
    {
        const int Rounds = 20_000;
        var sessions = Enumerable.Range(0, Rounds).Select(i => Session($"person-{i}", $"sid-{i}")).ToArray();
        // Shuffled, so that of many pairs either half comes first, and neighbours of different pairs run at once.
        var steps = sessions.SelectMany((_, i) => new[] { (Round: i, Ends: false), (Round: i, Ends: true) }).ToArray();
        RandomNumberGenerator.Shuffle<(int Round, bool Ends)>(steps);
        var (stored, ended) = (0, 0);

        await Parallel.ForEachAsync(steps, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = None }, async (step, _) =>
        {
            var session = sessions[step.Round];
            if (!step.Ends)
            {
                Interlocked.Add(ref stored, await _store.StoreAsync(session, None) ? 1 : 0);
            }
            else if (await _store.EndAsync(Notice(bySid ? session.Sid : null, bySub ? session.Subject : null), None) is LogoutOutcome.Ended)
            {
                Interlocked.Increment(ref ended);
            }
        });

        Assert.Equal(Rounds, ended);
        Assert.InRange(stored, Rounds / 4, Rounds * 3 / 4); // both orders were among them
        foreach (var session in sessions)
        {
            Assert.Null(await _store.FindAsync(session.Key, None));
        }
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_the_first_to_end_goes_first()
    {
        var entries = new RecentEntries<bool>(capacity: 3);
        var now = _time.GetUtcNow();
        for (var i = 1; i <= 5; i++)
        {
            entries.Add(("issuer", $"t{i}"), true, now.AddSeconds(i), now);
        }

        Assert.Equal(3, entries.Count);
        Assert.False(entries.Has(("issuer", "t2"), now));
        Assert.True(entries.Has(("issuer", "t3"), now));
        Assert.False(entries.Has(("issuer", "t3"), now.AddSeconds(3)));
    }

    [Fact]
    public void Remembering_again_lengthens_and_never_shortens()
    {
        var entries = new RecentEntries<bool>();
        var now = _time.GetUtcNow();
        entries.Add(("issuer", "t"), true, now.AddSeconds(10), now);
        entries.Add(("issuer", "t"), true, now.AddSeconds(5), now);
        entries.Add(("issuer", "other"), true, now.AddSeconds(20), now.AddSeconds(7));

        Assert.True(entries.Has(("issuer", "t"), now.AddSeconds(9)));
        Assert.False(entries.Has(("issuer", "t"), now.AddSeconds(10)));
    }

    private async Task<StoredSession> Stored(string sub, string sid)
    {
        var session = Session(sub, sid);
        Assert.True(await _store.StoreAsync(session, None));
        return session;
    }

    private StoredSession Session(string sub, string? sid, string issuer = "https://id.example") => new()
    {
        Key = SessionCookie.KeyOf(SessionCookie.NewValue()),
        Issuer = issuer,
        Subject = sub,
        Sid = sid,
        IssuedAt = _time.GetUtcNow(),
        ExpiresAt = _time.GetUtcNow().AddHours(1),
        EndsAt = _time.GetUtcNow().AddHours(12),
        Ticket = ReadOnlyMemory<byte>.Empty,
    };

    private LogoutNotice Notice(string? sid = null, string? sub = null) => new()
    {
        Issuer = "https://id.example",
        Sid = sid,
        Subject = sub,
        IssuedAt = _time.GetUtcNow(),
        TokenId = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
        TokenExpiresAt = _time.GetUtcNow().AddMinutes(2),
        RememberUntil = _time.GetUtcNow().AddMinutes(10),
    };
}
