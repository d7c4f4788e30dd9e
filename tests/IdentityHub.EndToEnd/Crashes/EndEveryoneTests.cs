using System.Diagnostics;
using IdentityHub.BackChannelLogout;
using IdentityHub.EndToEnd.Races;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>
/// Everyone's sessions end, and the hub dies in the middle of it: nobody could use a session from the first second on,
/// each is ended once and each application told of each, and the memory it takes does not depend on how many there are.
/// </summary>
public sealed class EndEveryoneTests(SharedServers servers)
{
    private const int Sessions = 200_000;

    private static readonly TimeSpan Long = TimeSpan.FromMinutes(20);

    [Fact]
    public async Task Everyone_is_out_at_once_and_a_hub_that_dies_halfway_leaves_nobody_out()
    {
        await using var applications = await Applications.StartAsync("notes", "bank");
        var count = Rounds.Of(Sessions);
        await using var hub = await RaceHub.StartAsync(
            await (await servers.PostgresAsync()).CreateDatabaseAsync(), applications.All, await (await servers.RabbitMqAsync()).CreateVirtualHostAsync(), nodes: 1,
            new Dictionary<string, string?> { ["BackChannelLogout__LogoutWait"] = "00:00:00", ["BackChannelLogout__Lease"] = "00:00:10", ["MassRevocation__SessionsPerSecond"] = "2000" });
        var guests = await hub.GuestsAsync(5);
        foreach (var guest in guests)
        {
            foreach (var application in applications.All)
            {
                guest.Tokens.Add((application.Settings, await guest.Browser.EnterAsync(application.Settings, "openid offline_access")));
            }
        }

        await FillAsync(hub, guests[0], count - guests.Count);
        var atRest = Memory(hub);

        var unconfirmed = await Assert.ThrowsAsync<InvalidOperationException>(() => HubProcess.CommandAsync(hub.Node(0).Settings, "end-many", "start", "--everyone"));
        Assert.Contains($"{count} sessions of {count} people", unconfirmed.Message, StringComparison.Ordinal);
        Assert.Contains("ended with 2", unconfirmed.Message, StringComparison.Ordinal);
        Assert.Equal(0, await hub.Inside.AskAsync(db => db.Set<UserSession>().CountAsync(s => s.EndedAt != null)));
        var printed = await HubProcess.CommandAsync(hub.Node(0).Settings, "end-many", "start", "--everyone", "--yes");
        var id = Guid.Parse(printed.Split('\n').Single(line => line.StartsWith("id: ", StringComparison.Ordinal))[4..]);
        foreach (var guest in guests)
        {
            await Aftermath.AssertDeadAsync(hub, guest);
        }

        Assert.Equal(MassRevocationState.EndingSessions, (await FindAsync(hub, id)).State);
        var back = (await hub.GuestsAsync(1))[0];
        var tokens = await back.Browser.EnterAsync(hub.Notes, "openid offline_access");

        await Eventually.TrueAsync(async () => (await FindAsync(hub, id)).Sessions >= count / 2, Long, "half of the sessions have ended");
        var halfway = Memory(hub);
        await hub.Node(0).KillAsync();
        var killedAt = await FindAsync(hub, id);
        Assert.InRange(killedAt.Sessions, count / 2, count - 1);
        Assert.Equal(killedAt.Sessions, await hub.Inside.AskAsync(db => db.Set<UserSession>().LongCountAsync(s => s.EndedAt != null)));
        await hub.Node(0).StartAgainAsync();

        var started = Stopwatch.GetTimestamp();
        await Eventually.TrueAsync(async () => (await FindAsync(hub, id)).State is MassRevocationState.Finished, Long, "every session has ended");
        await Eventually.TrueAsync(
            async () => !await hub.Inside.AskAsync(db => db.Set<LogoutDelivery>().AnyAsync(d => d.State != DeliveryState.Confirmed)), Long, "every application has confirmed every session");
        var end = Memory(hub);

        var done = await FindAsync(hub, id);
        Assert.Equal((count, 2L * count), (done.Sessions, done.Deliveries));
        Assert.Equal(2 * count, await hub.Inside.AskAsync(db => db.Set<LogoutDelivery>().CountAsync()));
        Assert.Equal([back.SessionId], await hub.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.EndedAt == null).Select(s => s.Id).ToListAsync()));
        Assert.True((await back.Browser.Back.RefreshAsync(hub.Notes, tokens.RefreshToken)).Succeeded, "Who signed in after it is still in.");
        foreach (var application in applications.All)
        {
            Assert.Equal(count, application.Received.Select(r => r.Sid).Distinct().Count());
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{count} sessions × 2: at rest {atRest} MB, halfway {halfway} MB, after the restart and {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s {end} MB; "
            + $"{applications.All.Sum(a => a.Received.Count) - (2 * count)} repeated.");
        Assert.True(Math.Max(halfway, end) < 500, $"The hub took {halfway} and {end} MB.");
    }

    private static Task<MassRevocation> FindAsync(RaceHub hub, Guid id) => hub.Inside.AskAsync(db => db.Set<MassRevocation>().AsNoTracking().SingleAsync(m => m.Id == id));

    private static long Memory(RaceHub hub)
    {
        using var process = Process.GetProcessById(hub.Node(0).Id);
        return process.WorkingSet64 / 1024 / 1024;
    }

    /// <summary>Many more like this guest: rows of the database, which need no requests.</summary>
    private static Task<int> FillAsync(RaceHub hub, Guest like, int count) => hub.Inside.AskAsync(async db =>
    {
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(5));
        return await db.Database.ExecuteSqlAsync(
            $"""
            WITH people AS (
                INSERT INTO users
                SELECT (jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(), 'user_name', n, 'normalized_user_name', n, 'email', n, 'normalized_email', n))).*
                FROM users u, generate_series(1, {count}) n WHERE u.id = {like.UserId}
                RETURNING id
            ), sessions AS (
                INSERT INTO user_sessions
                SELECT (jsonb_populate_record(s, jsonb_build_object(
                    'id', gen_random_uuid(), 'user_id', p.id, 'sid', replace(p.id::text, '-', ''), 'cookie_hash', '\x' || replace(p.id::text || p.id::text, '-', '')))).*
                FROM user_sessions s, people p WHERE s.id = {like.SessionId}
                RETURNING id
            )
            INSERT INTO session_participants (session_id, client_id, first_seen_at, last_code_at)
            SELECT s.id, p.client_id, p.first_seen_at, p.last_code_at FROM sessions s, session_participants p WHERE p.session_id = {like.SessionId}
            """);
    });
}
