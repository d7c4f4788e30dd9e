using System.Net;
using IdentityHub.Access;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>Giving up what is being ended, on a hub where nothing ends it meanwhile.</summary>
public sealed class EndManyCancelTests(EndManyCancelTests.Hub hub) : IClassFixture<EndManyCancelTests.Hub>
{
    private const string Page = "/admin/end-many";

    [Fact]
    public async Task The_rest_is_given_up()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        var id = Guid.CreateVersion7();
        await hub.DataAsync(db =>
        {
            db.Add(new MassRevocation { Id = id, Reason = RevocationReason.RelyingPartyRevoked, ClientId = "notes", Before = hub.Clock.GetUtcNow().AddYears(-9), Initiator = "system", StartedAt = hub.Clock.GetUtcNow(), Expected = 10, State = MassRevocationState.RevokingGrants });
            return db.SaveChangesAsync();
        });

        (await grace.Browser.GetAsync($"{Page}/{id}")).Shows("Sessions in which notes is open");
        Assert.Equal($"{Page}/{id}", (await grace.Browser.PostFromAsync(Page + "/preview?scope=everyone", $"{Page}/{id}/cancel")).Location);
        Assert.Equal(MassRevocationState.Cancelled, await hub.DataAsync(db => db.Set<MassRevocation>().Where(m => m.Id == id).Select(m => m.State).SingleAsync()));
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.GetAsync($"{Page}/{Guid.CreateVersion7()}")).Status);
    }

    public sealed class Hub : StartedHub
    {
        protected override Task StartedAsync() => StopAsync<MassRevocationRunner>();
    }
}
