using System.Security.Cryptography;
using IdentityHub.Client.Sessions;
using Microsoft.Extensions.Time.Testing;

namespace IdentityHub.Client.Tests.Sessions;

/// <summary>
/// The contract of <see cref="ISessionStore"/>, the same for every implementation. A person signs in at one node and the
/// provider talks to another: whatever one has confirmed, the other one knows.
/// </summary>
public abstract class SessionStoreContract
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>How many sessions race their logouts.</summary>
    protected virtual int Rounds => 2_000;

    /// <summary>The store of the node where people sign in.</summary>
    protected abstract ISessionStore Here { get; }

    /// <summary>The store of the node where logout tokens arrive.</summary>
    protected abstract ISessionStore There { get; }

    [Fact]
    public async Task A_stored_session_is_found_by_its_key_alone()
    {
        var session = Session("ada", "s1");

        Assert.True(await Here.StoreAsync(session, None));

        var found = await There.FindAsync(session.Key, None);
        Assert.NotNull(found);
        Assert.Equal(session.Ticket.ToArray(), found.Ticket.ToArray());
        Assert.Equal(session with { Ticket = default }, found with { Ticket = default });
        Assert.Null(await There.FindAsync("s1", None));
        Assert.Null(await There.FindAsync(Session("ada", "s1").Key, None));
    }

    [Fact]
    public async Task A_session_expires_and_cannot_be_extended_afterwards()
    {
        var session = await Stored("ada", "s1");
        Time.Advance(TimeSpan.FromHours(1));

        Assert.Null(await Here.FindAsync(session.Key, None));
        Assert.False(await Here.ExtendAsync(session.Key, Time.GetUtcNow().AddHours(1), None));
        Assert.Null(await Here.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task Extending_moves_the_expiry()
    {
        var session = await Stored("ada", "s1");

        Assert.True(await Here.ExtendAsync(session.Key, Time.GetUtcNow().AddHours(2), None));
        Time.Advance(TimeSpan.FromHours(1));

        Assert.NotNull(await Here.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task Extending_does_not_bring_back_an_ended_session()
    {
        var session = await Stored("ada", "s1");
        await Here.EndAsync(session.Key, None);

        Assert.False(await Here.ExtendAsync(session.Key, Time.GetUtcNow().AddHours(2), None));
        Assert.Null(await Here.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task A_session_stored_after_its_sid_was_ended_is_refused()
    {
        await There.EndAsync(Notice(sid: "s1"), None);

        var late = Session("ada", "s1");

        Assert.False(await Here.StoreAsync(late, None));
        Assert.Null(await Here.FindAsync(late.Key, None));
        Assert.True(await Here.StoreAsync(Session("ada", "s2"), None));
        Assert.True(await Here.StoreAsync(Session("ada", "s1", issuer: "https://other.example"), None));
    }

    [Fact]
    public async Task A_session_issued_before_the_person_was_ended_is_refused_and_a_later_one_is_not()
    {
        var before = Session("ada", "s1");
        Time.Advance(TimeSpan.FromSeconds(1));
        await There.EndAsync(Notice(sub: "ada"), None);
        var sameSecond = Session("ada", "s2");
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await Here.StoreAsync(before, None));
        Assert.False(await Here.StoreAsync(sameSecond, None));
        Assert.True(await Here.StoreAsync(Session("ada", "s3"), None));
        Assert.True(await Here.StoreAsync(Session("grace", "s4") with { IssuedAt = before.IssuedAt }, None));
    }

    [Fact]
    public async Task Of_two_notices_about_one_person_the_later_counts_in_either_order_of_arrival()
    {
        var early = Notice(sub: "ada");
        Time.Advance(TimeSpan.FromSeconds(5));
        var between = Session("ada", "s1");
        Time.Advance(TimeSpan.FromSeconds(5));
        var late = Notice(sub: "ada");

        await There.EndAsync(late, None);
        await There.EndAsync(early, None);

        Assert.False(await Here.StoreAsync(between, None));
    }

    [Fact]
    public async Task A_token_counts_once_and_its_replay_ends_nothing()
    {
        var notice = Notice(sub: "ada");
        Assert.Equal(LogoutOutcome.Ended, await There.EndAsync(notice, None));
        Time.Advance(TimeSpan.FromSeconds(1));
        var session = await Stored("ada", "s1");

        Assert.Equal(LogoutOutcome.Replayed, await There.EndAsync(notice, None));
        Assert.NotNull(await Here.FindAsync(session.Key, None));
    }

    [Fact]
    public async Task A_sid_of_another_subject_changes_nothing_and_uses_up_nothing()
    {
        var session = await Stored("grace", "s1");
        var notice = Notice(sid: "s1", sub: "ada");

        Assert.Equal(LogoutOutcome.OtherSubject, await There.EndAsync(notice, None));
        Assert.NotNull(await Here.FindAsync(session.Key, None));
        Assert.Equal(LogoutOutcome.OtherSubject, await There.EndAsync(notice, None));
    }

    [Fact]
    public async Task One_sid_in_two_browsers_ends_both()
    {
        var (a, b) = (await Stored("ada", "s1"), await Stored("ada", "s1"));

        await There.EndAsync(Notice(sid: "s1"), None);

        Assert.Null(await Here.FindAsync(a.Key, None));
        Assert.Null(await Here.FindAsync(b.Key, None));
    }

    [Fact]
    public async Task A_sub_alone_ends_all_sessions_of_that_person_at_that_provider_and_no_other()
    {
        var (a, b) = (await Stored("ada", "s1"), await Stored("ada", null));
        var grace = await Stored("grace", "s3");
        var elsewhere = Session("ada", "s4", issuer: "https://other.example");
        Assert.True(await Here.StoreAsync(elsewhere, None));

        Assert.Equal(LogoutOutcome.Ended, await There.EndAsync(Notice(sub: "ada"), None));

        Assert.Null(await Here.FindAsync(a.Key, None));
        Assert.Null(await Here.FindAsync(b.Key, None));
        Assert.NotNull(await Here.FindAsync(grace.Key, None));
        Assert.NotNull(await Here.FindAsync(elsewhere.Key, None));
    }

    [Fact]
    public async Task What_a_logout_ended_is_neither_extended_nor_back_when_its_memory_would_have_run_out()
    {
        var (bySid, bySub) = (await Stored("ada", "s1"), await Stored("grace", "s2"));
        Assert.True(await Here.ExtendAsync(bySid.Key, Time.GetUtcNow().AddHours(2), None));
        Assert.True(await Here.ExtendAsync(bySub.Key, Time.GetUtcNow().AddHours(2), None));
        await There.EndAsync(Notice(sid: "s1"), None);
        await There.EndAsync(Notice(sub: "grace"), None);

        Assert.False(await Here.ExtendAsync(bySid.Key, Time.GetUtcNow().AddHours(3), None));
        Assert.False(await Here.ExtendAsync(bySub.Key, Time.GetUtcNow().AddHours(3), None));
        Time.Advance(TimeSpan.FromMinutes(11));
        await Stored("somebody", "s3");
        Assert.Null(await Here.FindAsync(bySid.Key, None));
        Assert.Null(await Here.FindAsync(bySub.Key, None));
    }

    [Fact]
    public async Task Signing_out_here_ends_one_session_and_leaves_the_others()
    {
        var (a, b) = (await Stored("ada", "s1"), await Stored("ada", "s1"));

        await Here.EndAsync(a.Key, None);
        await Here.EndAsync(Session("ada", "s1").Key, None);

        Assert.Null(await There.FindAsync(a.Key, None));
        Assert.NotNull(await There.FindAsync(b.Key, None));
    }

    [Fact]
    public async Task Values_of_any_length_and_script_are_told_apart()
    {
        var sid = new string('š', 3_000);
        var (a, b) = (await Stored("ada", sid + "1"), await Stored("ada", sid + "2"));

        Assert.Equal(LogoutOutcome.Ended, await There.EndAsync(Notice(sid: sid + "1", sub: "ada"), None));

        Assert.Null(await Here.FindAsync(a.Key, None));
        Assert.NotNull(await Here.FindAsync(b.Key, None));
    }

    [Theory] // I7: whichever comes first, no live session is left
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public async Task Sessions_racing_their_own_logouts_never_survive(bool bySid, bool bySub)
    {
        var sessions = Enumerable.Range(0, Rounds).Select(i => Session($"person-{i}", $"sid-{i}")).ToArray();
        // Shuffled, so that of many pairs either half comes first, and neighbours of different pairs run at once.
        var steps = sessions.SelectMany((_, i) => new[] { (Round: i, Ends: false), (Round: i, Ends: true) }).ToArray();
        RandomNumberGenerator.Shuffle<(int Round, bool Ends)>(steps);
        var (stored, ended) = (0, 0);

        await Parallel.ForEachAsync(steps, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = None }, async (step, _) =>
        {
            var session = sessions[step.Round];
            var node = step.Round % 2 == 0 ? Here : There;
            if (!step.Ends)
            {
                Interlocked.Add(ref stored, await node.StoreAsync(session, None) ? 1 : 0);
            }
            else if (await There.EndAsync(Notice(bySid ? session.Sid : null, bySub ? session.Subject : null), None) is LogoutOutcome.Ended)
            {
                Interlocked.Increment(ref ended);
            }
        });

        Assert.Equal(Rounds, ended);
        Assert.InRange(stored, Rounds / 4, Rounds * 3 / 4); // both orders were among them
        foreach (var session in sessions)
        {
            Assert.Null(await Here.FindAsync(session.Key, None));
        }
    }

    protected async Task<StoredSession> Stored(string sub, string? sid)
    {
        var session = Session(sub, sid);
        Assert.True(await Here.StoreAsync(session, None));
        return session;
    }

    protected StoredSession Session(string sub, string? sid, string issuer = "https://id.example") => new()
    {
        Key = SessionCookie.KeyOf(SessionCookie.NewValue()),
        Issuer = issuer,
        Subject = sub,
        Sid = sid,
        IssuedAt = Time.GetUtcNow(),
        ExpiresAt = Time.GetUtcNow().AddHours(1),
        EndsAt = Time.GetUtcNow().AddHours(12),
        Ticket = RandomNumberGenerator.GetBytes(32),
    };

    protected LogoutNotice Notice(string? sid = null, string? sub = null) => new()
    {
        Issuer = "https://id.example",
        Sid = sid,
        Subject = sub,
        IssuedAt = Time.GetUtcNow(),
        TokenId = Convert.ToHexString(RandomNumberGenerator.GetBytes(16)),
        TokenExpiresAt = Time.GetUtcNow().AddMinutes(2),
        RememberUntil = Time.GetUtcNow().AddMinutes(10),
    };
}
