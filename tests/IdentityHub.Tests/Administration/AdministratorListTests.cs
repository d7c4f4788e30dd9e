using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Data;
using IdentityHub.Revocation;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.Administration;

public sealed class AdministratorListTests(SharedServers servers)
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Two_who_take_each_others_role_at_the_same_time_leave_one(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var people = new[] { Person(), Person() };
        await database.AddAsync(people[0], people[1]);
        for (var round = 0; round < 8; round++)
        {
            foreach (var person in people)
            {
                Assert.Null(await SetAsync(database, person, AdminRole.Administrator));
            }

            var refusals = await Task.WhenAll(people.Select(person => Task.Run(() => SetAsync(database, person, null))));

            Assert.Equal(PersonRefusal.LastAdministrator, Assert.Single(refusals, r => r is not null));
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Many_who_change_roles_at_the_same_time_leave_one_role_a_person_and_an_administrator(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var people = new[] { Person(), Person(), Person() };
        await database.AddAsync([.. people]);
        AdminRole?[] roles = [AdminRole.Administrator, AdminRole.Operator, AdminRole.Viewer, null];
        for (var round = 0; round < Rounds(provider); round++)
        {
            // In the first round nobody is anything.
            await Task.WhenAll(people.SelectMany((person, p) => Enumerable.Range(0, 3).Select(n => Task.Run(() => SetAsync(database, person, roles[(round + p + n) % roles.Length])))));

            var given = await database.ReadAsync(db => db.Set<IdentityUserRole<Guid>>().GroupBy(g => g.UserId).Select(g => g.Count()).ToListAsync(TestContext.Current.CancellationToken));
            Assert.All(given, count => Assert.Equal(1, count));
            Assert.NotEqual(0, await AdministratorsAsync(database));
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Several_who_give_one_person_a_role_at_the_same_time_leave_one(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var person = Person();
        await database.AddAsync(person);
        for (var round = 0; round < Rounds(provider); round++)
        {
            await Task.WhenAll(Enum.GetValues<AdminRole>().Select(role => Task.Run(() => database.ReadAsync(async db =>
            {
                await new Administrators(db, new AuditTrail(TimeProvider.System)).SetRoleAsync(person.Id, role, "test");
                return true;
            }))));

            Assert.Equal(1, await database.ReadAsync(db => db.Set<IdentityUserRole<Guid>>().CountAsync(TestContext.Current.CancellationToken)));
        }
    }

    // Where whoever needs a role first makes it, one of them holds the role and waits for the person, and the other, as here,
    // holds the person and waits for the role.
    [Fact]
    public async Task On_a_new_installation_an_invitation_that_is_accepted_does_not_wait_for_a_role_that_is_being_set()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        var person = Person();
        var invitation = new Invitation
        {
            Id = Guid.CreateVersion7(), Hash = [1], Email = "ada@example.com", NormalizedEmail = "ADA@EXAMPLE.COM", Role = AdminRole.Administrator,
            Initiator = Initiator.CommandLine.Name, ExpiresAt = TimeProvider.System.GetUtcNow().AddHours(1),
        };
        await database.AddAsync(person, invitation);

        await using var db = database.Open();
        var setting = await db.InTransactionAsync(async () =>
        {
            await new Administrators(db, new AuditTrail(TimeProvider.System)).LockAsync(person.Id);
            var set = Task.Run(() => SetAsync(database, person, AdminRole.Administrator));
            await Eventually.TrueAsync(async () => set.IsCompleted || await database.ReadAsync(WaitingAsync), TimeSpan.FromSeconds(20), "the other one to wait");
            Assert.True(await AcceptAsync(db, invitation, person));
            return set;
        });

        Assert.Null(await setting);
        Assert.Equal(1, await AdministratorsAsync(database));
    }

    // What would leave nobody: who is looked at becomes the last one while it is decided that they are none.
    [Fact]
    public async Task Who_becomes_the_last_one_at_the_same_moment_stays_it()
    {
        await using var database = await HubDatabase.CreateAsync("Postgres", servers);
        var (first, next) = (Person(), Person());
        await database.AddAsync(first, next);
        Assert.Null(await SetAsync(database, first, AdminRole.Administrator));

        await using var db = database.Open();
        var administrators = new Administrators(db, new AuditTrail(TimeProvider.System));
        var decided = await db.InTransactionAsync(async () =>
        {
            Assert.True(await administrators.IsLastAsync(first.Id));
            var deciding = Task.Run(() => SetAsync(database, next, AdminRole.Viewer));
            await Eventually.TrueAsync(async () => deciding.IsCompleted || await database.ReadAsync(WaitingAsync), TimeSpan.FromSeconds(20), "the other one to wait");
            await administrators.SetRoleAsync(next.Id, AdminRole.Administrator, "test");
            await administrators.SetRoleAsync(first.Id, null, "test");
            return deciding;
        });

        Assert.Equal(PersonRefusal.LastAdministrator, await decided);
        Assert.Equal(1, await AdministratorsAsync(database));
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task Nobody_is_made_an_administrator(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var nobody = await database.ReadAsync(db => new SyntheticPerson(db, TimeProvider.System).FindOrMakeAsync(TestContext.Current.CancellationToken));

        Assert.Equal(PersonRefusal.NotThere, await SetAsync(database, nobody, AdminRole.Administrator));
        Assert.Equal(PersonRefusal.NotThere, await SetAsync(database, Person(), AdminRole.Administrator));
    }

    // SQLite has one writer at a time, and those who wait for it ask again and again.
    private static int Rounds(string provider) => provider == "Postgres" ? 25 : 3;

    private static Task<int> AdministratorsAsync(HubDatabase database) =>
        database.ReadAsync(db => new Administrators(db, new AuditTrail(TimeProvider.System)).CountAsync(TestContext.Current.CancellationToken));

    // Asked outside of the transaction: within one the answer stays what it was the first time.
    private static async Task<bool> WaitingAsync(HubDb db) => await db.Database
        .SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        .SingleAsync(TestContext.Current.CancellationToken) > 0;

    private static async Task<PersonRefusal?> SetAsync(HubDatabase database, User person, AdminRole? role)
    {
        await using var db = database.Open();
        var administrators = new Administrators(db, new AuditTrail(TimeProvider.System));
        // Nobody is looked up by an address here.
        return await new AdministratorList(db, administrators, null!).SetAsync(person.Id, role, Initiator.CommandLine);
    }

    private static async Task<bool> AcceptAsync(HubDb db, Invitation invitation, User person)
    {
        var audit = new AuditTrail(TimeProvider.System);
        // Nobody is looked up or made here.
        return await new Invitations(db, new Administrators(db, audit), null!, null!, audit, Options.Create(new HubOptions()), TimeProvider.System).AcceptAsync(new Invited(invitation, person.Id), person.Id);
    }

    private static User Person()
    {
        var id = Guid.CreateVersion7();
        return new User { Id = id, UserName = $"{id:N}", NormalizedUserName = $"{id:N}".ToUpperInvariant(), SecurityStamp = "stamp" };
    }
}
