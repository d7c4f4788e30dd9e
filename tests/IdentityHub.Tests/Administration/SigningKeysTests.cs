using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Keys;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Administration;

public sealed class SigningKeysTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task A_key_made_now_is_published_first_signs_a_day_later_and_is_not_made_twice()
    {
        var before = await ListAsync();
        Assert.Equal([("RS256", KeyState.Active), ("ES256", KeyState.Active), ("A256KW", KeyState.Active)], before.Select(k => (k.Algorithm, k.State)));

        var made = await hub.ServiceAsync<SigningKeys, IReadOnlyList<string>>(keys => keys.RotateAsync(Root, Cancel));
        Assert.Empty(await hub.ServiceAsync<SigningKeys, IReadOnlyList<string>>(keys => keys.RotateAsync(Root, Cancel)));

        var after = await ListAsync();
        Assert.Equal(3, made.Count);
        Assert.Equal(made.Order(), after.Where(k => k.State is KeyState.Next).Select(k => k.Id).Order());
        Assert.Equal(before.Select(k => k.Id), after.Where(k => k.State is KeyState.Active).Select(k => k.Id));
        Assert.Equal(4, await hub.ServiceAsync<KeyRing, int>(ring => Task.FromResult(ring.Published.Count)));
        Assert.Equal(3, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "key_rotated" && e.Actor == Root.Name, Cancel)));

        hub.Clock.Move(TimeSpan.FromHours(24) + TimeSpan.FromMinutes(1));

        var later = await ListAsync();
        Assert.Equal(made.Order(), later.Where(k => k.State is KeyState.Active).Select(k => k.Id).Order());
        Assert.Equal(before.Select(k => k.Id).Order(), later.Where(k => k.State is KeyState.Retired).Select(k => k.Id).Order());
    }

    private Task<IReadOnlyList<ListedKey>> ListAsync() => hub.ServiceAsync<SigningKeys, IReadOnlyList<ListedKey>>(keys => keys.ListAsync(Cancel));
}
