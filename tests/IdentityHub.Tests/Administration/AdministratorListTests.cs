using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
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

    private static async Task<PersonRefusal?> SetAsync(HubDatabase database, User person, AdminRole? role)
    {
        await using var db = database.Open();
        var administrators = new Administrators(db, new AuditTrail(TimeProvider.System));
        // Nobody is looked up by an address here.
        return await new AdministratorList(db, administrators, null!).SetAsync(person.Id, role, Initiator.CommandLine);
    }

    private static User Person()
    {
        var id = Guid.CreateVersion7();
        return new User { Id = id, UserName = $"{id:N}", NormalizedUserName = $"{id:N}".ToUpperInvariant(), SecurityStamp = "stamp" };
    }
}
