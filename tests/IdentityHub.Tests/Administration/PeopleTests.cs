using IdentityHub.Administration;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Administration;

/// <summary>Finding a person, on both databases.</summary>
public sealed class PeopleTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_person_is_found_by_the_beginnings_of_words_of_the_name_and_the_address(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (ada, grace, anne) = (Person("Ada Lovelace", "ada@example.com"), Person("Grace Hopper", "g.hopper@navy.example"), Person("Anne-Marie Müller-Hopf", "am@example.com"));
        await database.AddAsync(ada, grace, anne);

        Assert.Equal([ada.Id], await FindAsync(database, "ada"));
        Assert.Equal([ada.Id], await FindAsync(database, "  LOVE  ad "));
        Assert.Equal([ada.Id], await FindAsync(database, "ada@exam"));
        Assert.Equal([grace.Id, anne.Id], (await FindAsync(database, "hop")).OrderBy(id => id == anne.Id));
        Assert.Equal([anne.Id], await FindAsync(database, "muller"));
        Assert.Equal([anne.Id], await FindAsync(database, "marie"));
        Assert.Equal([anne.Id], await FindAsync(database, "anne-m"));
        Assert.Equal([grace.Id], await FindAsync(database, "g.hop"));
        Assert.Equal([grace.Id], await FindAsync(database, grace.Id.ToString()));
        Assert.Empty(await FindAsync(database, "ada hopper"));
        Assert.Empty(await FindAsync(database, "vela"));
        Assert.Empty(await FindAsync(database, "%"));
        Assert.Empty(await FindAsync(database, "%' OR 1=1 --"));
        Assert.Equal(3, (await FindAsync(database, "")).Count);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Who_is_called_another_way_now_is_found_by_it_and_not_by_the_old_name(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var ada = Person("Ada Byron", "ada@example.com");
        await database.AddAsync(ada);

        await database.ReadAsync(async db =>
        {
            var user = await db.Users.SingleAsync(u => u.Id == ada.Id);
            (user.DisplayName, user.Email) = ("Ada King", "countess@example.com");
            return await db.SaveChangesAsync();
        });

        Assert.Equal([ada.Id], await FindAsync(database, "king"));
        Assert.Equal([ada.Id], await FindAsync(database, "countess@"));
        Assert.Empty(await FindAsync(database, "byron"));
        Assert.Empty(await FindAsync(database, "ada@"));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Pages_follow_each_other_without_a_gap_and_without_anybody_twice(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        // Two words that begin so, and many with the same word.
        var people = Enumerable.Range(0, 60).Select(n => Person(n % 3 == 0 ? $"Ann Anna{n}" : "Ann", $"{n}@example.com")).ToList();
        await database.AddAsync([.. people]);

        foreach (var search in new[] { "an", "" })
        {
            List<Guid> seen = [];
            for (string? after = null; ;)
            {
                await using var db = database.Open();
                var page = await new People(db, TimeProvider.System).PageAsync(search, after, People.PageSize, TestContext.Current.CancellationToken);
                Assert.InRange(page.People.Count, 1, People.PageSize);
                seen.AddRange(page.People.Select(p => p.Id));
                if (page.Next is null)
                {
                    break;
                }

                after = page.Next;
            }

            Assert.Equal(people.Select(p => p.Id).Order(), seen.Order());
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task What_is_no_cursor_begins_at_the_first_page(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        await database.AddAsync(Person("Ada", "ada@example.com"));
        await using var db = database.Open();

        foreach (var after in new[] { "", "x", "AAAA", new string('A', 3000), "%00" })
        {
            Assert.Single((await new People(db, TimeProvider.System).PageAsync("ada", after, People.PageSize, TestContext.Current.CancellationToken)).People);
        }
    }

    [Fact]
    public async Task The_database_looks_in_the_index_and_not_through_the_people()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        await using var db = database.Open();
        using var commands = new Commands(db);
        await db.Database.ExecuteSqlRawAsync(
            """
            INSERT INTO users (id, user_name, normalized_user_name, email, normalized_email, email_confirmed, display_name, created_at, security_stamp, phone_number_confirmed, two_factor_enabled, lockout_enabled, access_failed_count, synthetic)
            SELECT gen_random_uuid(), n::text, n::text, n || '@example.com', n || '@EXAMPLE.COM', true, 'Person ' || n, now(), 's', false, false, false, 0, false FROM generate_series(1, 20000) n;
            INSERT INTO user_words SELECT 'PERSON', id FROM users;
            INSERT INTO user_words SELECT normalized_email, id FROM users;
            ANALYZE user_words, users;
            """);
        // PostgreSQL keeps what it read in a transaction, and before it what it has not reported yet.
        await using var transaction = await db.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
        var (earlier, before) = (await ReadingAsync(), commands.Count);

        var page = await new People(db, TimeProvider.System).PageAsync("1234 person", null, People.PageSize, TestContext.Current.CancellationToken);

        Assert.Equal(11, page.People.Count);
        Assert.Equal(2, commands.Count - before);
        var read = await ReadingAsync();
        Assert.InRange(read.Entries - earlier.Entries, 11, 500);
        Assert.Equal(0, read.Scans - earlier.Scans);

        Task<Reading> ReadingAsync() => db.Database.SqlQuery<Reading>(
            $"""
            SELECT pg_stat_get_xact_tuples_returned('pk_user_words'::regclass) AS "Entries",
              pg_stat_get_xact_numscans('user_words'::regclass) + pg_stat_get_xact_numscans('users'::regclass) AS "Scans"
            """).SingleAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<List<Guid>> FindAsync(HubDatabase database, string search)
    {
        await using var db = database.Open();
        return [.. (await new People(db, TimeProvider.System).PageAsync(search, null, People.PageSize, TestContext.Current.CancellationToken)).People.Select(p => p.Id)];
    }

    private static User Person(string name, string email)
    {
        var id = Guid.CreateVersion7();
        return new User { Id = id, UserName = $"{id:N}", NormalizedUserName = $"{id:N}".ToUpperInvariant(), Email = email, NormalizedEmail = email.ToUpperInvariant(), DisplayName = name, SecurityStamp = "stamp" };
    }

    /// <param name="Entries">Of the index, that were read.</param>
    /// <param name="Scans">Of a whole table.</param>
    private sealed record Reading(long Entries, long Scans);
}
