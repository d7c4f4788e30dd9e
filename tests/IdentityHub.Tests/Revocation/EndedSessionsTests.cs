using IdentityHub.BackChannelLogout;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Revocation;

public sealed class EndedSessionsTests(SharedServers servers)
{
    private static readonly SessionOptions Options = new() { KeepEnded = TimeSpan.FromDays(10) };

    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task What_ended_long_ago_is_forgotten_and_nothing_else(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        var live = await situation.SessionAsync("notes");
        var recent = await EndedAsync(database, situation, daysAgo: 9, DeliveryState.Confirmed);
        var old = await EndedAsync(database, situation, daysAgo: 11, DeliveryState.Confirmed);
        var owing = await EndedAsync(database, situation, daysAgo: 11, DeliveryState.Pending);

        Assert.Equal(1, await ForgetAsync(database));

        var left = await database.ReadAsync(db => db.Set<UserSession>().Select(s => s.Id).ToListAsync());
        Assert.Equal(new[] { live.Id, recent, owing }.Order(), left.Order());
        Assert.False(await database.ReadAsync(db => db.Set<SessionParticipant>().AnyAsync(p => p.SessionId == old)));
        Assert.False(await database.ReadAsync(db => db.Set<LogoutDelivery>().AnyAsync(d => d.SessionId == old)));
        Assert.Equal(2, await database.ReadAsync(db => db.Set<LogoutDelivery>().CountAsync()));
        Assert.Equal(0, await ForgetAsync(database));
    }

    private static async Task<Guid> EndedAsync(HubDatabase database, Situation situation, int daysAgo, DeliveryState state)
    {
        var session = await situation.SessionAsync("notes");
        var at = TimeProvider.System.GetUtcNow().AddDays(-daysAgo);
        await database.ReadAsync(db => db.Set<UserSession>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, at)));
        await database.AddAsync(new LogoutDelivery
        {
            Id = Guid.CreateVersion7(at),
            RevocationId = Guid.CreateVersion7(at),
            SessionId = session.Id,
            ClientId = "notes",
            Sid = session.Sid,
            Subject = situation.Person.Subject,
            CreatedAt = at,
            State = state,
            NextAttemptAt = at,
            GiveUpAt = at.AddDays(1),
        });
        return session.Id;
    }

    private static async Task<int> ForgetAsync(HubDatabase database)
    {
        var services = new ServiceCollection();
        database.AddTo(services);
        await using var provider = services.BuildServiceProvider();
        using var forgetting = new EndedSessions(
            provider.GetRequiredService<IServiceScopeFactory>(),
            Microsoft.Extensions.Options.Options.Create(Options),
            new FakeTimeProvider(TimeProvider.System.GetUtcNow()),
            NullLogger<EndedSessions>.Instance);
        return await forgetting.ForgetAsync(CancellationToken.None);
    }
}
