using IdentityHub.Persons;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class SessionListTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Ten_thousand_sessions_are_two_queries_a_page(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (ada, now) = (Person(), TimeProvider.System.GetUtcNow());
        var sessions = Enumerable.Range(0, 10_000).Select(n => Session(ada.Id, now.AddSeconds(-n))).ToList();
        var present = sessions[5_000];
        var expired = Session(ada.Id, now.AddDays(-2));
        expired.ExpiresAt = now.AddDays(-1);
        var bob = Person();
        await database.AddAsync([ada, bob, .. sessions, expired, Session(bob.Id, now)]);
        await database.AddAsync(
            new RelyingParty { Id = "1", ClientId = "notes", DisplayName = "Notes" }, new RelyingParty { Id = "2", ClientId = "bank" },
            Participant(sessions[0], "notes"), Participant(sessions[0], "bank"), Participant(present, "notes"));
        var session = new CurrentSession(present.Id, present.Sid, ada.Id, "Ada", "ada@example.com", now, "pwd", now, now, now, new SessionOptions().Terms(false));
        await using var db = database.Open();
        using var commands = new Commands(db);

        var first = await new SessionList(db, TimeProvider.System).PageAsync(session, 1, TestContext.Current.CancellationToken);
        var ofFirst = commands.Count;
        var last = await new SessionList(db, TimeProvider.System).PageAsync(session, 500, TestContext.Current.CancellationToken);
        var beyond = await new SessionList(db, TimeProvider.System).PageAsync(session, 501, TestContext.Current.CancellationToken);

        Assert.Equal((2, 5), (ofFirst, commands.Count));
        Assert.Equal((10_000, 500, SessionList.PageSize), (first.Total, first.Last, first.Sessions.Count));
        Assert.Equal([present.Id, .. sessions.Take(SessionList.PageSize - 1).Select(s => s.Id)], first.Sessions.Select(s => s.Id));
        Assert.Equal([true, .. Enumerable.Repeat(false, SessionList.PageSize - 1)], first.Sessions.Select(s => s.Present));
        Assert.Equal(["bank", "Notes"], first.Sessions[1].Applications);
        Assert.Equal(["Notes"], first.Sessions[0].Applications);
        Assert.Equal(sessions.TakeLast(SessionList.PageSize).Select(s => s.Id), last.Sessions.Select(s => s.Id));
        Assert.Empty(beyond.Sessions);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Of_a_session_in_which_many_applications_are_open_the_first_are_named(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (ada, now) = (Person(), TimeProvider.System.GetUtcNow());
        UserSession[] sessions = [Session(ada.Id, now), Session(ada.Id, now.AddSeconds(-1)), Session(ada.Id, now.AddSeconds(-2))];
        var clients = Enumerable.Range(0, SessionList.ApplicationsNamed + 3).Select(n => $"app-{n:00}").ToList();
        await database.AddAsync([ada, .. sessions, .. clients.Select(client => new RelyingParty { ClientId = client })]);
        await database.AddAsync([.. clients.Select(client => Participant(sessions[0], client)), .. clients.Take(SessionList.ApplicationsNamed).Select(client => Participant(sessions[1], client))]);
        await using var db = database.Open();

        var page = await new SessionList(db, TimeProvider.System).PageAsync(ada.Id, sessions[0].Id, 1, TestContext.Current.CancellationToken);

        Assert.Equal([(SessionList.ApplicationsNamed, 3), (SessionList.ApplicationsNamed, 0), (0, 0)], page.Sessions.Select(s => (s.Applications.Count, s.More)));
        Assert.Equal(clients.Take(SessionList.ApplicationsNamed), page.Sessions[0].Applications);
    }

    private static User Person()
    {
        var id = Guid.CreateVersion7();
        return new User { Id = id, UserName = $"{id:N}", NormalizedUserName = $"{id:N}".ToUpperInvariant(), SecurityStamp = "stamp" };
    }

    private static UserSession Session(Guid user, DateTimeOffset seen) => new()
    {
        Id = Guid.CreateVersion7(seen),
        Sid = SessionCookie.NewSid(),
        CookieHash = SessionCookie.Hash(SessionCookie.NewValue())!,
        UserId = user,
        CreatedAt = seen,
        AuthenticatedAt = seen,
        Amr = "pwd",
        LastSeenAt = seen,
        ExpiresAt = seen.AddHours(12),
        AbsoluteExpiresAt = seen.AddHours(24),
        IdleTimeout = TimeSpan.FromHours(12),
        AbsoluteTimeout = TimeSpan.FromHours(24),
        Remembered = false,
    };

    private static SessionParticipant Participant(UserSession session, string client) =>
        new() { SessionId = session.Id, ClientId = client, FirstSeenAt = session.CreatedAt, LastCodeAt = session.CreatedAt };
}
