using IdentityHub.Data;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Data;

/// <summary>The words that people are found by, kept by whoever writes an account.</summary>
public sealed class PersonWordsTests(StartedHub hub, SharedServers servers) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task Migrating_writes_the_words_of_who_was_there_before_and_ends_where_somebody_has_none()
    {
        var ada = await hub.PersonAsync("Ada Lovelace");
        await hub.DataAsync(async db =>
        {
            await db.Set<UserWord>().ExecuteDeleteAsync();
            db.Add(NewUser("!@!", "!"));
            return await db.SaveChangesAsync();
        });
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));

        await hub.ServiceAsync<Migrator, IReadOnlyList<string>>(migrator => migrator.MigrateAsync(bound.Token));

        Assert.True(await hub.DataAsync(db => db.Set<UserWord>().AnyAsync(w => w.UserId == ada.Id && w.Word == "LOVELACE")));
    }

    [Theory]
    [InlineData("Sqlite")]
    [InlineData("Postgres")]
    public async Task A_save_that_failed_fails_the_second_time_for_the_same_reason(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync(NewUser("ada@example.com", "Ada"));
        await using var db = database.Open();
        db.Add(NewUser("ada@example.com", "Another Ada"));

        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync(TestContext.Current.CancellationToken));
    }

    private static User NewUser(string email, string name) => new()
    {
        Id = Guid.CreateVersion7(), UserName = email, NormalizedUserName = email.ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(),
        EmailConfirmed = true, DisplayName = name, SecurityStamp = "stamp", CreatedAt = TimeProvider.System.GetUtcNow(),
    };
}
