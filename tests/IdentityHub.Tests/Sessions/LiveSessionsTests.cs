using IdentityHub.Data;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Xunit;

namespace IdentityHub.Tests.Sessions;

/// <summary>What "live" means is said three times, for three kinds of statement; they must agree on every session.</summary>
public sealed class LiveSessionsTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task Each_way_of_asking_answers_the_same(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        Dictionary<string, UserSession> sessions = new()
        {
            ["live"] = await situation.SessionAsync("notes"),
            ["ended"] = await situation.SessionAsync("notes"),
            ["expired"] = await situation.SessionAsync("notes"),
            ["with bank"] = await situation.SessionAsync("notes", "bank"),
            ["from before"] = await situation.SessionAsync("notes"),
        };
        var now = TimeProvider.System.GetUtcNow();
        await SetAsync(database, sessions["ended"], s => s.SetProperty(x => x.EndedAt, now));
        await SetAsync(database, sessions["expired"], s => s.SetProperty(x => x.ExpiresAt, now));
        await SetAsync(database, sessions["from before"], s => s.SetProperty(x => x.CreatedAt, now.AddDays(-1)));
        await database.AddAsync(CutOff(now.AddHours(-1), null), CutOff(now, "bank"));

        await using var db = database.Open();
        var (query, live) = (new LiveSessionQuery(), new List<string>());
        foreach (var (name, session) in sessions)
        {
            var answer = await db.Live(now).AnyAsync(s => s.Id == session.Id);
            Assert.Equal(answer, await query.Find(db, session.CookieHash, now) is not null);
            if (db is PostgresHubDb)
            {
                Assert.Equal(answer, await db.Set<UserSession>().FromSqlRaw(
                    $"SELECT * FROM user_sessions WHERE id = @id AND {LiveSessions.Condition}", new NpgsqlParameter("id", session.Id), new NpgsqlParameter("now", now)).AnyAsync());
            }

            if (answer)
            {
                live.Add(name);
            }
        }

        Assert.Equal(["live"], live);
    }

    private static SessionCutoff CutOff(DateTimeOffset before, string? client) =>
        new() { Id = Guid.CreateVersion7(before), Before = before, GrantsBefore = before.UtcDateTime, ClientId = client };

    private static Task<int> SetAsync(HubDatabase database, UserSession session, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<UserSession>> set) =>
        database.ReadAsync(db => db.Set<UserSession>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(set));
}
