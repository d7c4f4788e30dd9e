using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.Data;
using IdentityHub.Messaging;
using IdentityHub.Revocation;
using IdentityHub.RevocationFeed;
using IdentityHub.Sessions;
using IdentityHub.Tests.BackChannelLogout;
using IdentityHub.Tests.Mail;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Revocation;

public sealed class ExpiredSessionsTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task What_ran_out_ends_for_the_reason_it_ran_out_and_the_applications_are_told(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("notes", new Uri("http://127.0.0.1:1/logout"));
        var (idle, old, live) = (await situation.SessionAsync("notes"), await situation.SessionAsync("notes"), await situation.SessionAsync("notes"));
        var now = TimeProvider.System.GetUtcNow();
        await SetAsync(database, idle, now, now.AddHours(3));
        await SetAsync(database, old, now, now);
        await SetAsync(database, live, now.AddMinutes(1), now.AddHours(3));

        Assert.Equal(2, await SweepAsync(database, now, new SessionOptions()));

        Assert.Equal((RevocationReason.IdleTimeout, 1), await ActAsync(database, idle));
        Assert.Equal((RevocationReason.AbsoluteTimeout, 1), await ActAsync(database, old));
        Assert.True(await database.ReadAsync(db => db.Set<UserSession>().AnyAsync(s => s.Id == live.Id && s.EndedAt == null)));
        Assert.Equal(new[] { idle.Id, old.Id }.Order(), (await database.ReadAsync(db => db.Set<LogoutDelivery>().Select(d => d.SessionId).ToListAsync())).Order());
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Where_the_operator_chose_so_it_ends_all_the_same_and_nobody_is_told(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var situation = new Situation(database);
        await situation.RelyingPartyAsync("notes", new Uri("http://127.0.0.1:1/logout"));
        var idle = await situation.SessionAsync("notes");
        var now = TimeProvider.System.GetUtcNow();
        await SetAsync(database, idle, now, now.AddHours(3));

        Assert.Equal(1, await SweepAsync(database, now, new SessionOptions { TellOnExpiry = false }));

        Assert.Equal((RevocationReason.IdleTimeout, 0), await ActAsync(database, idle));
        Assert.False(await database.ReadAsync(db => db.Set<LogoutDelivery>().AnyAsync()));
    }

    [Fact]
    public async Task Nothing_but_expiry_may_go_untold()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var db = database.Open();
        await using var mail = MailNode.Idle(database);

        await Assert.ThrowsAsync<ArgumentException>(() => Revoker(db, mail).EndSessionAsync(Guid.CreateVersion7(), RevocationReason.SignedOut, Initiator.System, tell: false));
    }

    private static Task<int> SetAsync(HubDatabase database, UserSession session, DateTimeOffset expires, DateTimeOffset absolute) => database.ReadAsync(
        db => db.Set<UserSession>().Where(s => s.Id == session.Id).ExecuteUpdateAsync(s => s.SetProperty(x => x.ExpiresAt, expires).SetProperty(x => x.AbsoluteExpiresAt, absolute)));

    private static Task<(RevocationReason, int)> ActAsync(HubDatabase database, UserSession session) => database.ReadAsync(async db =>
    {
        var act = await db.Set<RevocationRecord>().SingleAsync(r => db.Set<UserSession>().Any(s => s.Id == session.Id && s.RevocationId == r.Id));
        return (act.Reason, act.RelyingParties);
    });

    private static async Task<int> SweepAsync(HubDatabase database, DateTimeOffset now, SessionOptions options)
    {
        var services = new ServiceCollection();
        database.AddTo(services);
        await using var mail = MailNode.Idle(database);
        services.AddScoped(s => Revoker(s.GetRequiredService<HubDb>(), mail));
        await using var provider = services.BuildServiceProvider();
        using var sweeper = new ExpiredSessions(
            provider.GetRequiredService<IServiceScopeFactory>(), Options.Create(options), new FakeTimeProvider(now), NullLogger<ExpiredSessions>.Instance);
        return await sweeper.SweepAsync(CancellationToken.None);
    }

    private static SessionRevoker Revoker(HubDb db, MailNode mail)
    {
        var time = TimeProvider.System;
        var deliveries = new LogoutDeliveries(db, new FirstAttempts(time), Options.Create(new BackChannelLogoutOptions()), time);
        return new SessionRevoker(db, deliveries, new Outbox(time), new OutboxSignal(time), new FeedSignal(time), new Notices(mail.Queue, mail.Links), new AuditTrail(time), time);
    }
}
