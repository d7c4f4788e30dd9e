using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Messaging;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Mail;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Revocation;

/// <summary>An act on many: who is refused from its first instant, what its chunks end, and what is left of it afterwards.</summary>
public sealed class MassRevocationTests(SharedServers servers)
{
    private static readonly Uri Anywhere = new("http://127.0.0.1:1/logout");

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task Everyone_is_refused_at_once_and_ended_chunk_by_chunk(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var hub = new Hub(database, chunk: 2);
        var (ada, bob) = await PeopleAsync(database);
        UserSession[] before = [await ada.SessionAsync("notes", "bank"), await ada.SessionAsync("bank"), await bob.SessionAsync("notes", "mute")];
        await database.AddAsync(Grant("offline", ada.Person, before[0].Id, offline: true, hub.Now));

        var preview = await hub.ActAsync(many => many.PreviewAsync(new(), CancellationToken.None));
        var mass = await hub.ActAsync(many => many.StartAsync(new(), Initiator.System, CancellationToken.None));

        Assert.Equal((3, 2, 1), (preview.Sessions, preview.People, preview.Silent));
        Assert.Equal([("bank", 2), ("notes", 2)], preview.Applications.Select(a => (a.ClientId, (int)a.Sessions)).Order());
        Assert.Empty(await LiveAsync(database, hub.Now));
        Assert.Equal(0, await EndedAsync(database, before));
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        var after = await SignInAsync(database, ada.Person, hub.Now);
        Assert.Equal([after.Id], await LiveAsync(database, hub.Now));

        Assert.Equal(2, await hub.Runner.StepAsync());
        Assert.Equal(2, await EndedAsync(database, before));
        await hub.RunAsync();

        Assert.Equal(3, await EndedAsync(database, before));
        Assert.Equal([after.Id], await LiveAsync(database, hub.Now));
        var done = (await hub.ActAsync(many => many.FindAsync(mass.Id, CancellationToken.None)))!;
        Assert.Equal((MassRevocationState.Finished, 3L, 3L, 4L), (done.State, done.Expected, done.Sessions, done.Deliveries));
        Assert.Equal(4, await database.ReadAsync(db => db.Set<LogoutDelivery>().CountAsync()));
        var records = await database.ReadAsync(db => db.Set<RevocationRecord>().ToListAsync());
        Assert.All(records, r => Assert.Equal((mass.Id, RevocationReason.EveryoneRevoked), (r.MassRevocationId, r.Reason)));
        Assert.Equal(done.People, records.Count);
        Assert.Equal(records.Count, await database.ReadAsync(db => db.Set<OutboxMessage>().CountAsync()));
        Assert.Equal(3, await database.ReadAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "session_ended")));
        Assert.Equal("revoked", await database.ReadAsync(db => db.Set<Grant>().Select(g => g.Status).SingleAsync()));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task One_relying_party_takes_its_sessions_and_its_long_lived_grants_with_it(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var hub = new Hub(database, chunk: 10);
        var (ada, bob) = await PeopleAsync(database);
        var (with, without) = (await ada.SessionAsync("bank", "notes"), await ada.SessionAsync("notes"));
        var absent = await bob.SessionAsync();
        await database.AddAsync(
            Grant("bank of bob", bob.Person, absent.Id, offline: true, hub.Now, "bank"),
            Grant("notes of bob", bob.Person, absent.Id, offline: true, hub.Now, "notes"),
            Grant("notes of ada", ada.Person, with.Id, offline: true, hub.Now, "notes"),
            Grant("bound to the session", ada.Person, with.Id, offline: false, hub.Now, "notes"));

        await hub.ActAsync(many => many.StartAsync(new(ClientId: "bank"), Initiator.System, CancellationToken.None));

        Assert.Equal(new[] { without.Id, absent.Id }.Order(), await LiveAsync(database, hub.Now));
        await hub.RunAsync();
        Assert.Equal(1, await EndedAsync(database, with, without, absent));
        Assert.Equal(["bank", "notes"], (await database.ReadAsync(db => db.Set<LogoutDelivery>().Select(d => d.ClientId).ToListAsync())).Order());
        Assert.Equal(
            ["bank of bob", "bound to the session"],
            (await database.ReadAsync(db => db.Set<Grant>().Where(g => g.Status == "revoked").Select(g => g.Id!).ToListAsync())).Order());
        Assert.Equal(1, await database.ReadAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "grants_revoked" && e.UserId == bob.Person.Id)));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Given_up_what_had_ended_stays_ended_and_the_rest_is_accepted_again(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var hub = new Hub(database, chunk: 1);
        var (ada, bob) = await PeopleAsync(database);
        UserSession[] sessions = [await ada.SessionAsync("bank"), await bob.SessionAsync("bank")];
        var mass = await hub.ActAsync(many => many.StartAsync(new(), Initiator.System, CancellationToken.None));
        await hub.Runner.StepAsync();

        Assert.True(await hub.ActAsync(many => many.CancelAsync(mass.Id, Initiator.System)));

        await hub.RunAsync();
        Assert.Equal(1, await EndedAsync(database, sessions));
        Assert.Single(await LiveAsync(database, hub.Now));
        Assert.False(await hub.ActAsync(many => many.CancelAsync(mass.Id, Initiator.System)));
        Assert.Equal(MassRevocationState.Cancelled, (await hub.ActAsync(many => many.FindAsync(mass.Id, CancellationToken.None)))!.State);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task A_sign_in_from_before_that_was_written_afterwards_is_refused_and_ended(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await using var hub = new Hub(database, chunk: 10);
        var (ada, _) = await PeopleAsync(database);
        var before = hub.Now;
        hub.Time.Advance(TimeSpan.FromSeconds(1));
        var mass = await hub.ActAsync(many => many.StartAsync(new(), Initiator.System, CancellationToken.None));
        await hub.RunAsync();

        var late = await SignInAsync(database, ada.Person, before);

        Assert.Empty(await LiveAsync(database, hub.Now));
        Assert.Equal(0, await hub.Runner.StepAsync());
        hub.Time.Advance(MassRevocationRunner.Afterwards);
        await hub.RunAsync();
        Assert.Equal(1, await EndedAsync(database, late));
        Assert.Equal(MassRevocationState.Closed, (await hub.ActAsync(many => many.FindAsync(mass.Id, CancellationToken.None)))!.State);
        Assert.Equal(0, await database.ReadAsync(db => db.Set<SessionCutoff>().CountAsync()));
    }

    [Fact]
    public async Task Two_nodes_share_an_act_and_repeat_nothing()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var first = new Hub(database, chunk: 3);
        await using var second = new Hub(database, chunk: 3);
        var (ada, bob) = await PeopleAsync(database);
        for (var i = 0; i < 30; i++)
        {
            await (i % 2 == 0 ? ada : bob).SessionAsync("bank", "notes");
        }

        var mass = await first.ActAsync(many => many.StartAsync(new(), Initiator.System, CancellationToken.None));
        async Task<MassRevocationState> StateAsync() => (await first.ActAsync(many => many.FindAsync(mass.Id, CancellationToken.None)))!.State;
        await Task.WhenAll(new[] { first, second }.Select(hub => Task.Run(async () =>
        {
            while (await StateAsync() is not MassRevocationState.Finished)
            {
                await hub.Runner.StepAsync();
            }
        })));

        var done = (await first.ActAsync(many => many.FindAsync(mass.Id, CancellationToken.None)))!;
        Assert.Equal((30L, 60L), (done.Sessions, done.Deliveries));
        Assert.Equal(60, await database.ReadAsync(db => db.Set<LogoutDelivery>().CountAsync()));
        Assert.Equal(30, await database.ReadAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "session_ended")));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_its_reason()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var hub = new Hub(database, chunk: 1);

        var future = await Assert.ThrowsAsync<ArgumentException>(() => hub.ActAsync(many => many.StartAsync(new(hub.Now.AddSeconds(1)), Initiator.System, CancellationToken.None)));
        var nobody = await Assert.ThrowsAsync<ArgumentException>(() => hub.ActAsync(many => many.StartAsync(new(ClientId: "nobody"), Initiator.System, CancellationToken.None)));

        Assert.Contains("future", future.Message, StringComparison.Ordinal);
        Assert.Contains("'nobody'", nobody.Message, StringComparison.Ordinal);
        Assert.Equal(0, await database.ReadAsync(db => db.Set<SessionCutoff>().CountAsync()));
    }

    private static async Task<(Situation Ada, Situation Bob)> PeopleAsync(HubDatabase database)
    {
        var (ada, bob) = (new Situation(database), new Situation(database));
        await ada.RelyingPartyAsync("notes", Anywhere, r => r.Id = "notes");
        await ada.RelyingPartyAsync("bank", Anywhere, r => r.Id = "bank");
        await ada.RelyingPartyAsync("mute", null, r => r.Id = "mute");
        await database.AddAsync(ada.Person, bob.Person);
        return (ada, bob);
    }

    private static async Task<UserSession> SignInAsync(HubDatabase database, User person, DateTimeOffset at)
    {
        var session = new UserSession
        {
            Id = Guid.CreateVersion7(at),
            Sid = SessionCookie.NewSid(),
            CookieHash = SessionCookie.Hash(SessionCookie.NewValue())!,
            UserId = person.Id,
            CreatedAt = at,
            AuthenticatedAt = at,
            Amr = "pwd",
            LastSeenAt = at,
            ExpiresAt = at.AddHours(1),
            AbsoluteExpiresAt = at.AddHours(24),
            IdleTimeout = TimeSpan.FromHours(1),
            AbsoluteTimeout = TimeSpan.FromHours(24),
            Remembered = false,
        };
        await database.AddAsync(session);
        return session;
    }

    private static Grant Grant(string id, User person, Guid session, bool offline, DateTimeOffset at, string? application = null) => new()
    {
        Id = id, Subject = person.Subject, Status = "valid", SessionId = session, Offline = offline, CreationDate = at.UtcDateTime, ApplicationId = application,
    };

    private static async Task<IEnumerable<Guid>> LiveAsync(HubDatabase database, DateTimeOffset now) =>
        (await database.ReadAsync(db => db.Live(now).Select(s => s.Id).ToListAsync())).Order();

    private static Task<int> EndedAsync(HubDatabase database, params UserSession[] sessions)
    {
        var ids = sessions.Select(s => s.Id).ToList();
        return database.ReadAsync(db => db.Set<UserSession>().CountAsync(s => ids.Contains(s.Id) && s.EndedAt != null));
    }

    /// <summary>What a node needs for it.</summary>
    private sealed class Hub : IAsyncDisposable
    {
        private readonly ServiceProvider _services;
        private readonly MailNode _mail;

        public Hub(HubDatabase database, int chunk)
        {
            var services = new ServiceCollection().AddLogging();
            database.AddTo(services);
            services.AddSingleton<TimeProvider>(Time).AddSingleton<FirstAttempts>().AddSingleton<Outbox>().AddSingleton<OutboxSignal>().AddSingleton<FeedSignal>().AddSingleton<AuditTrail>();
            services.AddScoped<LogoutDeliveries>().AddScoped<SessionRevoker>().AddScoped<MassRevocations>().AddSingleton<MassRevocationRunner>();
            _mail = MailNode.Idle(database);
            services.AddSingleton(new Notices(_mail.Queue, _mail.Links));
            services.Configure<MassRevocationOptions>(o => o.Chunk = chunk);
            _services = services.BuildServiceProvider();
        }

        public FakeTimeProvider Time { get; } = new(TimeProvider.System.GetUtcNow().AddMinutes(10));

        public DateTimeOffset Now => Time.GetUtcNow();

        public MassRevocationRunner Runner => _services.GetRequiredService<MassRevocationRunner>();

        public async Task<T> ActAsync<T>(Func<MassRevocations, Task<T>> act)
        {
            await using var scope = _services.CreateAsyncScope();
            return await act(scope.ServiceProvider.GetRequiredService<MassRevocations>());
        }

        public async Task RunAsync()
        {
            while (await Runner.StepAsync() > 0)
            {
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _services.DisposeAsync();
            await _mail.DisposeAsync();
        }
    }
}
