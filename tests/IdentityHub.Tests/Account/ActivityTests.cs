using IdentityHub.Audit;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using IdentityHub.Tests.Testing;
using IdentityHub.Tests.Testing.InProcess;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class ActivityTests(StartedHub hub, SharedServers servers) : IClassFixture<StartedHub>
{
    public static TheoryData<string> Providers => [.. HubDatabase.Providers];

    [Fact]
    public async Task Shows_sign_ins_failures_changes_and_ends_with_address_and_nothing_of_others()
    {
        var (ada, bob) = (await hub.PersonAsync(), await hub.PersonAsync());
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(bob, "not the password");
        await desk.SignInAsync(ada, "not the password");
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        await desk.FillAsync("/account/password", ("current", StartedHub.Password), ("chosen", "four quite different words"));

        var page = await desk.GetAsync("/account/activity");

        Assert.Matches(
            "(?s)Session ended: the password was changed.*Password changed.*Signed in.*Signed in.*class=\"state bad\">Sign-in failed",
            page.Text);
        Assert.Equal(1, System.Text.RegularExpressions.Regex.Count(page.Text, "Sign-in failed</strong>"));
        page.Shows("Address 127.0.0.1");
    }

    [Fact]
    public void The_reason_of_an_end_and_an_unknown_action_are_said_in_words()
    {
        Assert.Equal("Session ended: nobody had used it", ActivityWords.Of("session_ended", """{"reason":"idle_timeout"}"""));
        Assert.Equal("You allowed notes to use your account", ActivityWords.Of("application_allowed", """{"client":"notes","scopes":["openid"]}"""));
        Assert.Equal("something new", ActivityWords.Of("something_new", null));
        // Every reason there is has words of its own; those of two are their names.
        Assert.All(
            Enum.GetValues<RevocationReason>().Where(r => r is not (RevocationReason.AccountClosed or RevocationReason.ApplicationWithdrawn or RevocationReason.SignedOut or RevocationReason.SignedOutEverywhere)),
            reason => Assert.NotEqual($"Session ended: {reason.Wire().Replace('_', ' ')}", ActivityWords.Of("session_ended", $$"""{"reason":"{{reason.Wire()}}"}""")));
    }

    [Theory, MemberData(nameof(Providers))]
    public async Task Ten_thousand_entries_are_one_query_a_page_and_the_cursor_misses_none(string provider)
    {
        await using var database = await HubDatabase.CreateAsync(provider, servers);
        var (ada, bob) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        var start = TimeProvider.System.GetUtcNow().AddDays(-1);
        await database.AddAsync([.. Enumerable.Range(0, 10_000).Select(n => Entry(ada, start.AddSeconds(n), $"act_{n}")), Entry(bob, start.AddDays(1), "of_bob")]);
        await using var db = database.Open();
        using var commands = new Commands(db);
        var log = new ActivityLog(db);

        var first = await log.PageAsync(ada, null, ActivityLog.PageSize, TestContext.Current.CancellationToken);
        Assert.Equal(1, commands.Count);
        var second = await log.PageAsync(ada, first.Next, ActivityLog.PageSize, TestContext.Current.CancellationToken);
        var last = await log.PageAsync(ada, (await database.ReadAsync(x => Task.FromResult(x.Set<AuditEntry>().Where(e => e.Action == "act_3").Select(e => e.Id).Single()))), ActivityLog.PageSize, TestContext.Current.CancellationToken);

        Assert.Equal(Enumerable.Range(0, 2 * ActivityLog.PageSize).Select(n => $"act {9_999 - n}"), first.Entries.Concat(second.Entries).Select(e => e.What));
        Assert.Equal(["act 2", "act 1", "act 0"], last.Entries.Select(e => e.What));
        Assert.Null(last.Next);
    }

    private static AuditEntry Entry(Guid user, DateTimeOffset at, string action) => new() { Id = Guid.CreateVersion7(at), At = at, Action = action, Actor = "system", UserId = user };
}
