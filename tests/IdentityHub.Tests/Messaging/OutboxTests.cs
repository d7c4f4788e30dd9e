using IdentityHub.Contracts;
using IdentityHub.Messaging;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace IdentityHub.Tests.Messaging;

public sealed class OutboxTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory, MemberData(nameof(Providers))]
    public async Task A_message_is_owed_when_its_transaction_commits_and_not_otherwise(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var outbox = new Outbox(TimeProvider.System);
        await using (var db = database.Open())
        await using (await db.Database.BeginTransactionAsync())
        {
            outbox.Add(db, Event("undone"));
            await db.SaveChangesAsync();
        }

        await using (var db = database.Open())
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            outbox.Add(db, Event("done"));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        var row = Assert.Single(await database.ReadAsync(db => db.Set<OutboxMessage>().ToListAsync()));
        Assert.Equal("done", Assert.IsType<SessionsRevoked>(Outbox.Read(row)).Reason);
        Assert.Equal("SessionsRevoked", row.Type);
        Assert.Contains("\"revokedAt\":", row.Body, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task The_order_of_the_identifiers_is_the_order_of_age(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var time = new FakeTimeProvider();
        var outbox = new Outbox(time);
        for (var i = 0; i < 20; i++)
        {
            await using var db = database.Open();
            outbox.Add(db, Event($"{i}"));
            await db.SaveChangesAsync();
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var reasons = await database.ReadAsync(async db =>
            (await db.Set<OutboxMessage>().OrderBy(m => m.Id).ToListAsync()).Select(m => ((SessionsRevoked)Outbox.Read(m)).Reason));

        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"{i}"), reasons);
    }

    [Fact]
    public async Task What_is_no_contract_is_not_sent()
    {
        await using var database = await HubDatabase.CreateAsync("Sqlite", servers);
        await using var db = database.Open();

        Assert.Throws<ArgumentException>(() => new Outbox(TimeProvider.System).Add(db, new Uri("https://id.example.com")));
    }

    internal static SessionsRevoked Event(string reason) =>
        new(Guid.CreateVersion7(), reason, "the-sub", ["sid-1", "sid-2"], new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero));
}
