using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Administration;
using IdentityHub.Tests.Api;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>
/// Attack case 38, at the pages and at the API: revoking without the role, in another installation (each is a tenant of its
/// own), many without having typed whom, and sessions by guessed identifiers; what is done has an actor and a reason in the
/// audit. Attack case 39, the same of one session: another person's, one's own, and without a recent proof.
/// </summary>
public sealed class Case_38_39_administration(ApiHub hub) : IClassFixture<ApiHub>
{
    [Theory]
    [InlineData(null, HttpStatusCode.NotFound)]
    [InlineData(AdminRole.Viewer, HttpStatusCode.Forbidden)]
    public async Task Case_38_without_the_role_nothing_ends(AdminRole? role, HttpStatusCode onThePage)
    {
        using var visitor = await AdminVisitor.SignInAsync(hub, role);
        await visitor.ProveAsync();
        using var api = await hub.AsAsync(visitor.Browser);
        var victim = await hub.SessionAsync(await hub.PersonAsync());

        Assert.Equal(onThePage, (await visitor.Browser.PostFromAsync("/sign-in", $"/admin/people/{victim.UserId}/end", ("session", victim.Id.ToString()))).Status);
        Assert.Equal(onThePage, (await visitor.Browser.PostFromAsync("/sign-in", $"/admin/people/{victim.UserId}/end")).Status);
        (await api.PostAsync($"/sessions/{victim.Id}/end")).Is(HttpStatusCode.Forbidden);
        (await api.PostAsync($"/people/{victim.UserId}/end-all")).Is(HttpStatusCode.Forbidden);
        (await api.PostAsync("/end-many", new { everyone = true, confirm = "everyone" })).Is(HttpStatusCode.Forbidden);
        (await api.PostAsync("/global-token-revocation", new { sub_id = new { format = "opaque", id = victim.UserId.ToString() } })).Is(HttpStatusCode.Forbidden);

        Assert.True(await IsLiveAsync(victim));
        Assert.False(await hub.DataAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.UserId == victim.UserId && e.Actor == $"admin:{visitor.Person.Id}")));
    }

    [Fact]
    public async Task Case_38_what_is_ended_has_an_actor_and_a_reason()
    {
        using var visitor = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        await visitor.ProveAsync();
        using var api = await hub.AsAsync(visitor.Browser);
        var (one, two) = (await hub.SessionAsync(await hub.PersonAsync()), await hub.SessionAsync(await hub.PersonAsync()));

        Assert.Equal(HttpStatusCode.SeeOther, (await visitor.Browser.PostFromAsync("/sign-in", $"/admin/people/{one.UserId}/end", ("session", one.Id.ToString()))).Status);
        (await api.PostAsync($"/sessions/{two.Id}/end")).Is(HttpStatusCode.OK);

        foreach (var session in new[] { one, two })
        {
            Assert.False(await IsLiveAsync(session));
            var entry = await hub.DataAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.SessionId == session.Id && e.Action == "session_ended"));
            Assert.Equal(($"admin:{visitor.Person.Id}", "{\"reason\":\"session_revoked_by_administrator\"}"), (entry.Actor, entry.Details));
        }
    }

    [Fact]
    public async Task Case_38_to_who_has_no_role_what_exists_is_like_what_does_not()
    {
        using var visitor = await AdminVisitor.SignInAsync(hub, null);
        await visitor.ProveAsync();
        using var api = await hub.AsAsync(visitor.Browser);
        var session = await hub.SessionAsync(await hub.PersonAsync());
        using var tool = await hub.AsAsync("tool");
        var act = (Guid)(await tool.PostAsync($"/sessions/{(await hub.SessionAsync(await hub.PersonAsync())).Id}/end")).Json["revocation"]!;
        var mass = (await StartAsync()).Id;
        var nothing = Guid.CreateVersion7();

        foreach (var (exists, not) in new[]
        {
            ($"/admin/people/{session.UserId}", $"/admin/people/{nothing}"), ($"/admin/people/{session.UserId}/end?session={session.Id}", $"/admin/people/{nothing}/end?session={session.Id}"),
            ($"/admin/revocations/one?id={act}", $"/admin/revocations/one?id={nothing}"), ("/admin/relying-parties/application?client=notes", "/admin/relying-parties/application?client=nobody"),
            ($"/admin/end-many/{mass}", $"/admin/end-many/{nothing}"), ("/admin/people", "/admin/there-is-no-such-page"),
        })
        {
            var (there, missing) = (await visitor.Browser.GetAsync(exists), await visitor.Browser.GetAsync(not));
            Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (there.Status, missing.Status));
            Assert.Equal(WithoutNumber(missing.Text), WithoutNumber(there.Text));
        }

        foreach (var (exists, not) in new[]
        {
            ($"/people/{session.UserId}", $"/people/{nothing}"), ($"/sessions/{session.Id}", $"/sessions/{nothing}"), ($"/revocations/{act}", $"/revocations/{nothing}"),
            ("/relying-parties/notes", "/relying-parties/nobody"), ($"/end-many/{mass}", $"/end-many/{nothing}"),
        })
        {
            var (there, missing) = ((await api.GetAsync(exists)).Is(HttpStatusCode.Forbidden), (await api.GetAsync(not)).Is(HttpStatusCode.Forbidden));
            Assert.Equal((missing.Text, missing.Challenge), (there.Text, there.Challenge));
        }
    }

    [Fact]
    public async Task Case_38_a_token_of_another_installation_opens_nothing()
    {
        await using var elsewhere = new ApiHub();
        await elsewhere.InitializeAsync();
        using var foreign = await elsewhere.AsAsync("tool");
        using var smuggled = new ApiTester(hub, foreign.Token);
        using var tool = await hub.AsAsync("tool");
        var victim = await hub.SessionAsync(await hub.PersonAsync());

        foreach (var answer in new[]
        {
            await smuggled.GetAsync("/sessions"), await smuggled.PostAsync($"/sessions/{victim.Id}/end"),
            await smuggled.PostAsync("/global-token-revocation", new { sub_id = new { format = "opaque", id = victim.UserId.ToString() } }),
        })
        {
            Assert.Contains("error=\"invalid_token\"", answer.Is(HttpStatusCode.Unauthorized).Challenge, StringComparison.Ordinal);
        }

        // A person as another installation calls them is nobody here.
        (await tool.PostAsync("/global-token-revocation", new { sub_id = new { format = "iss_sub", iss = "https://id.example.org", sub = victim.UserId.ToString() } })).Is(HttpStatusCode.NotFound);
        Assert.True(await IsLiveAsync(victim));
    }

    [Fact]
    public async Task Case_38_many_are_ended_by_nobody_who_has_not_typed_whom()
    {
        using var visitor = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        await visitor.ProveAsync();
        using var api = await hub.AsAsync(visitor.Browser);
        var victim = await hub.SessionAsync(await hub.PersonAsync());
        var known = await hub.DataAsync(db => db.Set<MassRevocation>().Select(m => m.Id).ToListAsync());

        foreach (var confirm in new[] { null, "", " ", "yes", "notes", "everyone but me" })
        {
            foreach (var scope in new (string, string)[][] { [("scope", "everyone")], [("scope", "application"), ("client", "reader")] })
            {
                var answer = await visitor.Browser.PostFromAsync("/sign-in", "/admin/end-many", [.. scope, .. confirm is null ? [] : new[] { ("confirm", confirm) }]);
                Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
            }

            foreach (var (member, value) in new (string, object)[] { ("everyone", true), ("clientId", "reader") })
            {
                var body = new Dictionary<string, object> { [member] = value };
                _ = confirm is not null && body.TryAdd("confirm", confirm);
                Assert.Equal(["confirm"], (await api.PostAsync("/end-many", body)).Is(HttpStatusCode.BadRequest).Members);
            }
        }

        // The phrase of one scope confirms no other, and is typed as it is shown to programs.
        Assert.Equal(["confirm"], (await api.PostAsync("/end-many", new { clientId = "reader", confirm = "everyone" })).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(["confirm"], (await api.PostAsync("/end-many", new { everyone = true, confirm = "Everyone" })).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.Browser.PostFromAsync("/sign-in", "/admin/relying-parties/disable", ("client", "notes"), ("typed", "everyone"))).Status);
        foreach (var words in new[] { new[] { "start", "--everyone" }, ["start", "--client-id", "notes"], ["start", "--signed-in-before", "2026-01-01T00:00:00Z", "--json"] })
        {
            var ran = await CommandLine.RunAsync(hub, EndManyCommand.Create, words);
            Assert.Equal((2, "Nothing has ended. Add --yes to end them.\n"), (ran.Code, ran.Error));
        }

        Assert.Equal(known, await hub.DataAsync(db => db.Set<MassRevocation>().Select(m => m.Id).ToListAsync()));
        Assert.True(await IsLiveAsync(victim));
    }

    [Fact]
    public async Task Case_39_the_session_of_another_person_is_not_ended_below_a_persons_page()
    {
        using var visitor = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        await visitor.ProveAsync();
        var (ada, victim) = (await hub.PersonAsync(), await hub.SessionAsync(await hub.PersonAsync()));

        foreach (var session in new[] { victim.Id.ToString(), Guid.CreateVersion7().ToString(), "x", "' OR 1=1 --" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.Browser.PostFromAsync("/sign-in", $"/admin/people/{ada.Id}/end", ("session", session))).Status);
        }

        Assert.True(await IsLiveAsync(victim));
        (await visitor.Browser.GetAsync($"/admin/people/{ada.Id}")).Hides(victim.Id.ToString());
    }

    [Fact]
    public async Task Case_39_without_a_recent_proof_nothing_ends()
    {
        using var visitor = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        await visitor.ProveAsync();
        hub.Clock.Move(TimeSpan.FromMinutes(4));
        using var api = await hub.AsAsync(visitor.Browser);
        hub.Clock.Move(TimeSpan.FromMinutes(2));
        var victim = await hub.SessionAsync(await hub.PersonAsync());

        foreach (var fields in new[] { new[] { ("session", victim.Id.ToString()) }, [] })
        {
            Assert.StartsWith("/confirm-identity?", (await visitor.Browser.PostFromAsync("/sign-in", $"/admin/people/{victim.UserId}/end", fields)).Location, StringComparison.Ordinal);
        }

        foreach (var path in new[] { $"/sessions/{victim.Id}/end", $"/people/{victim.UserId}/end-all" })
        {
            Assert.Contains("error=\"insufficient_user_authentication\"", (await api.PostAsync(path)).Is(HttpStatusCode.Unauthorized).Challenge, StringComparison.Ordinal);
        }

        Assert.True(await IsLiveAsync(victim));
    }

    [Fact]
    public async Task Case_39_ending_ones_own_session_is_a_sign_out_and_a_copy_is_dead()
    {
        using var visitor = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        await visitor.ProveAsync();
        using var api = await hub.AsAsync(visitor.Browser);
        using var copy = hub.Visitor();
        copy.SessionCookie = visitor.Browser.SessionCookie;
        (await copy.GetAsync("/admin/people")).Shows("<h1");
        var own = await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == visitor.Person.Id && s.EndedAt == null).Select(s => s.Id).SingleAsync());

        await visitor.Browser.PostFromAsync("/sign-in", $"/admin/people/{visitor.Person.Id}/end", ("session", own.ToString()));

        Assert.StartsWith("/sign-in?", (await copy.GetAsync("/admin/people")).Location, StringComparison.Ordinal);
        Assert.Contains("error=\"invalid_token\"", (await api.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized).Challenge, StringComparison.Ordinal);
    }

    // Each answer has a number of its own, by which the log is found, and the choice of language leads back to where it was asked.
    private static string WithoutNumber(string page) => Regex.Replace(page, "0H[0-9A-Z]+:[0-9A-F]{8}|href=\"\\?[^\"]*\"", "");

    private Task<MassRevocation> StartAsync() => hub.ServiceAsync<MassRevocations, MassRevocation>(m => m.StartAsync(
        new(Before: DateTimeOffset.Parse("2026-01-01T00:00:00Z", CultureInfo.InvariantCulture)), Initiator.CommandLine, TestContext.Current.CancellationToken));

    private Task<bool> IsLiveAsync(UserSession session) => hub.DataAsync(db => db.Set<UserSession>().AnyAsync(s => s.Id == session.Id && s.EndedAt == null));
}
