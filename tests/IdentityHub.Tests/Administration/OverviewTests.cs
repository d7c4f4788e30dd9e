using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Admin;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace IdentityHub.Tests.Administration;

/// <summary>The figures of the first page of the administration.</summary>
public abstract class OverviewTests(StartedHub hub)
{
    [Fact]
    public async Task It_counts_while_somebody_looks_and_one_node_at_a_time()
    {
        var before = await ReadAsync();
        var people = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => hub.PersonAsync()));
        foreach (var person in people)
        {
            using var browser = hub.Visitor();
            await browser.SignInAsync(person);
        }

        // "In the same moment" below is meant so.
        hub.Clock.Stop();
        await CountedAsync();
        var counted = await ReadAsync();

        Assert.NotNull(counted.At);
        Assert.True(counted.LiveSessions >= 3);
        Assert.True(counted.Hours.Sum(h => h.SignIns) >= 3);
        Assert.True(counted.Hours[^1].SignIns + counted.Hours[^2].SignIns >= 3);
        Assert.Equal(24, before.Hours.Count);
        // Another node, in the same moment: it is counted already.
        Assert.False(await CountAsync());
    }

    [Fact]
    public async Task An_hour_that_is_over_is_not_counted_again()
    {
        await ReadAsync();
        await CountedAsync();
        var old = Overview.HourOf(hub.Clock.GetUtcNow()).AddHours(-5);
        await hub.DataAsync(db => db.Set<OverviewHour>().Where(h => h.Hour == old).ExecuteUpdateAsync(h => h.SetProperty(x => x.SignIns, 4711)));

        await CountedAsync();

        Assert.Equal(4711, (await ReadAsync()).Hours.Single(h => h.Hour == old).SignIns);
        Assert.Equal(25, await hub.DataAsync(db => db.Set<OverviewHour>().CountAsync()));
    }

    [Fact]
    public async Task An_hour_that_was_left_half_counted_is_counted_again_however_late()
    {
        await ReadAsync();
        await CountedAsync();
        var present = Overview.HourOf(await hub.DataAsync(db => db.Set<OverviewNow>().Select(n => n.At).SingleAsync()));
        await hub.DataAsync(db => db.Set<OverviewHour>().Where(h => h.Hour == present).ExecuteUpdateAsync(h => h.SetProperty(x => x.SignIns, 4711)));

        // No node was there to count the rest of it.
        hub.Clock.Move(TimeSpan.FromHours(3));
        await CountedAsync();

        Assert.NotEqual(4711, (await ReadAsync()).Hours.Single(h => h.Hour == present).SignIns);
    }

    [Fact]
    public async Task What_waits_is_counted_of_every_application()
    {
        await ReadAsync();
        var now = hub.Clock.GetUtcNow();
        await hub.DataAsync(db =>
        {
            db.AddRange(Enumerable.Range(0, 30).SelectMany(n => new[] { Delivery(now, DeliveryState.Pending, null, $"many-{n}"), Delivery(now, DeliveryState.Pending, null, $"many-{n}") }));
            return db.SaveChangesAsync();
        });

        await CountedAsync();
        var view = await ReadAsync();

        Assert.Equal(21, view.Parties.Count);
        Assert.Equal(OverviewParty.Others, view.Parties[^1].ClientId);
        Assert.InRange(view.Parties[^1].Waiting, 20, 22);
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var page = await grace.Browser.GetAsync("/admin");
        Assert.Equal($"{await hub.DataAsync(db => db.Set<LogoutDelivery>().CountAsync(d => d.NextAttemptAt != null))}", page.TextOf("waiting"));
        page.Shows("All other applications");
        await hub.DataAsync(db => db.Set<LogoutDelivery>().Where(d => d.ClientId.StartsWith("many-")).ExecuteDeleteAsync());
    }

    [Fact]
    public async Task How_long_confirmations_took_and_who_has_not_confirmed()
    {
        await ReadAsync();
        var now = hub.Clock.GetUtcNow();
        await hub.DataAsync(db =>
        {
            db.AddRange(Enumerable.Range(1, 100).Select(n => Delivery(now, DeliveryState.Confirmed, n * 10)));
            db.AddRange(Delivery(now, DeliveryState.Pending, null), Delivery(now, DeliveryState.Rejected, 5), Delivery(now, DeliveryState.Unconfirmed, 5), Delivery(now, DeliveryState.Unconfirmed, 5));
            return db.SaveChangesAsync();
        });

        await CountedAsync();
        var view = await ReadAsync();

        var hour = view.Hours.Single(h => h.Hour == Overview.HourOf(now));
        Assert.Equal((500, 950, 990), (hour.P50, hour.P95, hour.P99));
        var notes = view.Parties.Single(p => p.ClientId == "notes");
        Assert.Equal(("Notes & more", 1, 1, 2), (notes.Name, notes.Waiting, notes.Rejected, notes.Unconfirmed));
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var page = await grace.Browser.GetAsync("/admin");
        page.Shows("2 were never confirmed");
        page.Shows("<svg class=\"chart\"");
        page.Hides("style=");
        await hub.DataAsync(db => db.Set<LogoutDelivery>().Where(d => d.ClientId == "notes").ExecuteDeleteAsync());
    }

    private static LogoutDelivery Delivery(DateTimeOffset now, DeliveryState state, int? milliseconds, string clientId = "notes") => new()
    {
        Id = Guid.CreateVersion7(now),
        RevocationId = Guid.CreateVersion7(now),
        SessionId = Guid.CreateVersion7(now),
        ClientId = clientId,
        Sid = "s",
        Subject = "s",
        CreatedAt = now,
        State = state,
        // Far away: nobody tries it here.
        NextAttemptAt = state is DeliveryState.Pending ? now.AddDays(1) : null,
        GiveUpAt = now.AddDays(2),
        SettledAt = milliseconds is { } ms ? now.AddMilliseconds(ms) : null,
    };

    private Task<OverviewView> ReadAsync() => hub.ServiceAsync<Overview, OverviewView>(o => o.ReadAsync(TestContext.Current.CancellationToken));

    // Of what is there now. The hub may be counting by itself, and rests after a count that took long.
    private async Task CountedAsync()
    {
        var now = hub.Clock.GetUtcNow();
        await Eventually.TrueAsync(
            async () =>
            {
                hub.Clock.Move(TimeSpan.FromSeconds(5));
                await CountAsync();
                return (await ReadAsync()).At > now;
            },
            TimeSpan.FromSeconds(30), "it is counted");
    }

    // The one of the hub may have come first, which is as good.
    private Task<bool> CountAsync() => hub.ServiceAsync<IServiceScopeFactory, bool>(async scopes =>
    {
        using var count = new OverviewCount(scopes, hub.Clock, NullLogger<OverviewCount>.Instance);
        return await count.CountAsync(TestContext.Current.CancellationToken);
    });

    public sealed class OnSqlite(StartedHub hub) : OverviewTests(hub), IClassFixture<StartedHub>;

    public sealed class OnPostgres(StartedHubOnPostgres hub) : OverviewTests(hub), IClassFixture<StartedHubOnPostgres>;
}
