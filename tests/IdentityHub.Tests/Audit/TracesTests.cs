using IdentityHub.Audit;
using IdentityHub.Persons;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Audit;

/// <summary>Where somebody acted from goes with their own account, and with no other.</summary>
public sealed class TracesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task An_administrators_address_goes_with_the_administrators_account()
    {
        var (person, administrator) = (await hub.PersonAsync("Ada"), await hub.PersonAsync("Grace"));
        await hub.DataAsync(db =>
        {
            db.AddRange(Entry(person.Id, $"user:{person.Id}", "by_the_person"), Entry(person.Id, $"admin:{administrator.Id}", "by_the_administrator"));
            return db.SaveChangesAsync();
        });

        await EraseAsync(person.Id);
        Assert.Equal(["by_the_administrator"], await TracedAsync(person.Id));

        await EraseAsync(administrator.Id);
        Assert.Empty(await TracedAsync(person.Id));
    }

    private Task<bool> EraseAsync(Guid userId) => hub.ServiceAsync<PersonalData, bool>(async data =>
    {
        await data.EraseTracesAsync(userId);
        return true;
    });

    private Task<List<string>> TracedAsync(Guid userId) =>
        hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == userId && e.IpAddress != null).Select(e => e.Action).ToListAsync());

    private static AuditEntry Entry(Guid userId, string actor, string action) => new()
    {
        Id = Guid.CreateVersion7(), At = TimeProvider.System.GetUtcNow(), Action = action, UserId = userId, Actor = actor, IpAddress = "192.0.2.7", UserAgent = "Lynx",
    };
}
