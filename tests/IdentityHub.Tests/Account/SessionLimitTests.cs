using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

/// <summary>ASVS 7.1.2: two sessions a person, and the third ends the oldest.</summary>
public abstract class SessionLimitTests(StartedHub hub)
{
    [Fact]
    public async Task One_more_ends_the_oldest_for_its_own_reason_and_leaves_the_other()
    {
        var ada = await hub.PersonAsync();
        using var first = hub.Visitor();
        using var second = hub.Visitor();
        using var third = hub.Visitor();
        await first.SignInAsync(ada);
        await second.SignInAsync(ada);
        (await first.GetAsync("/")).Shows("Hello");

        await third.SignInAsync(ada);

        Assert.Equal("/sign-in", (await first.GetAsync("/")).Location);
        (await second.GetAsync("/")).Shows("Hello");
        (await third.GetAsync("/")).Shows("Hello");
        var act = await hub.DataAsync(db => db.Set<RevocationRecord>().SingleAsync(r => r.UserId == ada.Id));
        Assert.Equal((RevocationReason.SessionLimit, "system", 1), (act.Reason, act.Initiator, act.Sessions));
    }

    [Fact]
    public async Task Authenticating_again_in_one_of_them_ends_none()
    {
        var ada = await hub.PersonAsync();
        using var first = hub.Visitor();
        using var second = hub.Visitor();
        await first.SignInAsync(ada);
        await second.SignInAsync(ada);

        await second.SignInAsync(ada);

        (await first.GetAsync("/")).Shows("Hello");
        (await second.GetAsync("/")).Shows("Hello");
    }

    [Fact]
    public async Task Of_six_sign_ins_at_once_two_sessions_are_left()
    {
        var ada = await hub.PersonAsync();
        var visitors = Enumerable.Range(0, 6).Select(_ => hub.Visitor()).ToList();

        await Task.WhenAll(visitors.Select(v => v.SignInAsync(ada)));

        Assert.Equal(2, await LiveAsync(ada));
        Assert.Equal(4, await hub.DataAsync(db => db.Set<RevocationRecord>().CountAsync(r => r.UserId == ada.Id && r.Reason == RevocationReason.SessionLimit)));
        visitors.ForEach(v => v.Dispose());
    }

    private Task<int> LiveAsync(User user) => hub.DataAsync(db => db.Set<UserSession>().CountAsync(s => s.UserId == user.Id && s.EndedAt == null));

    public class TwoSessions : StartedHub
    {
        // Six at once are more than one place may try for one account.
        protected override Task<string[]> SettingsAsync() => Task.FromResult<string[]>(["--Sessions:MaxPerPerson", "2", "--Throttling:Password", "20"]);
    }

    public sealed class TwoSessionsOnPostgres(SharedServers servers) : TwoSessions
    {
        protected override async Task<string[]> SettingsAsync() =>
        [
            .. await base.SettingsAsync(), "--Database:Provider", "Postgres",
            "--ConnectionStrings:Database", await (await servers.PostgresAsync()).CreateDatabaseAsync(),
        ];
    }

    public sealed class OnSqlite(TwoSessions hub) : SessionLimitTests(hub), IClassFixture<TwoSessions>;

    public sealed class OnPostgres(TwoSessionsOnPostgres hub) : SessionLimitTests(hub), IClassFixture<TwoSessionsOnPostgres>;
}
