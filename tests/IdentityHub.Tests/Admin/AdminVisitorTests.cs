using IdentityHub.Access;
using IdentityHub.Sessions;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

public sealed class AdminVisitorTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task It_has_a_role_a_second_factor_and_a_proof_that_can_be_renewed()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);

        Assert.Equal(AdminRole.Operator, await hub.ServiceAsync<Administrators, AdminRole?>(a => a.RoleOfAsync(grace.Person.Id, TestContext.Current.CancellationToken)));
        hub.Clock.Move(TimeSpan.FromMinutes(30));
        await grace.ProveAsync();

        var session = await hub.DataAsync(db => db.Set<UserSession>().SingleAsync(s => s.UserId == grace.Person.Id && s.EndedAt == null));
        Assert.Contains("mfa", session.Amr, StringComparison.Ordinal);
        Assert.Equal(hub.Clock.GetUtcNow(), session.AuthenticatedAt, TimeSpan.FromSeconds(30));
    }
}
