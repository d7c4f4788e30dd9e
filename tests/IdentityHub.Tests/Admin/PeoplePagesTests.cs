using System.Net;
using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Pages;
using IdentityHub.Tests.Testing.InProcess;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>What an administrator sees of a person and does to one.</summary>
public abstract class PeoplePagesTests(StartedHub hub)
{
    [Fact]
    public async Task A_person_is_searched_for_and_shown()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var ada = await hub.PersonAsync("Ada <b>Lovelace</b>");
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        var list = await grace.Browser.GetAsync($"/admin/people?q={ada.Email![..12]}");
        list.Shows($"href=\"/admin/people/{ada.Id}\"");
        list.Shows("Ada &lt;b&gt;Lovelace");
        var fragment = await grace.Browser.GetAsync($"/admin/people/found?q={ada.Email}");
        fragment.Shows(ada.Id.ToString());
        fragment.Hides("<html");
        (await grace.Browser.GetAsync("/admin/people?q=nobody.of.this.name")).Shows("id=\"nobody\"");
        Assert.Equal(HttpStatusCode.BadRequest, (await grace.Browser.GetAsync($"/admin/people?q={new string('x', 201)}")).Status);

        var person = await grace.Browser.GetAsync($"/admin/people/{ada.Id}");
        person.Shows(ada.Email!);
        person.Shows("One session");
        person.Hides("id=\"end-all\"");
        person.Hides("id=\"delete\"");
        (await grace.Browser.GetAsync($"/admin/people/{ada.Id}/activity")).Shows("signed_in");
        (await grace.Browser.GetAsync($"/admin/people/{ada.Id}/revocations")).Shows("Nothing of this person has been ended");
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.GetAsync($"/admin/people/{Guid.CreateVersion7()}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.GetAsync("/admin/people/1%20OR%201")).Status);
    }

    [Fact]
    public async Task One_session_ends_and_the_other_stays()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await desk.SignInAsync(ada);
        await phone.SignInAsync(ada);
        var first = await hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == ada.Id).OrderBy(s => s.Id).Select(s => s.Id).FirstAsync());

        (await grace.Browser.GetAsync($"/admin/people/{ada.Id}/end?session={first}")).Shows("One session ends.");
        var answer = await FillAsync(grace, $"/admin/people/{ada.Id}/end?session={first}", ("session", first.ToString()));

        Assert.Equal("/sign-in", (await desk.GetAsync("/")).Location);
        (await phone.GetAsync("/")).Shows("Hello");
        var act = await hub.DataAsync(db => db.Set<RevocationRecord>().SingleAsync(r => r.UserId == ada.Id));
        Assert.Equal((RevocationReason.SessionRevokedByAdministrator, $"admin:{grace.Person.Id}"), (act.Reason, act.Initiator));
        Assert.Equal($"/admin/people/{ada.Id}/ended/{act.Id}", answer.Location);
        (await grace.Browser.GetAsync(answer.Location!)).Shows("One session has ended");
        // Over already, somebody else's, and nobody's.
        Assert.Equal($"/admin/people/{ada.Id}", (await grace.Browser.PostFromAsync("/admin/people/" + ada.Id + "/end", $"/admin/people/{ada.Id}/end", ("session", first.ToString()))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.PostFromAsync($"/admin/people/{ada.Id}/end", $"/admin/people/{grace.Person.Id}/end", ("session", first.ToString()))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.PostFromAsync($"/admin/people/{ada.Id}/end", $"/admin/people/{ada.Id}/end", ("session", "x"))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.GetAsync($"/admin/people/{grace.Person.Id}/ended/{act.Id}")).Status);
        (await phone.GetAsync("/")).Shows("Hello");
    }

    [Fact]
    public async Task Everything_ends_and_the_person_may_sign_in_again()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await desk.SignInAsync(ada);
        await phone.SignInAsync(ada);

        (await grace.Browser.GetAsync($"/admin/people/{ada.Id}/end")).Shows("2 sessions end.");
        await FillAsync(grace, $"/admin/people/{ada.Id}/end");

        Assert.Equal("/sign-in", (await desk.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal("/", (await desk.SignInAsync(ada)).Location);
        Assert.Contains("person_revoked", await AuditAsync(ada, grace));
        var activity = await desk.GetAsync("/account/activity");
        activity.Shows("An administrator ended every session");
        (await grace.Browser.GetAsync($"/admin/people/{ada.Id}/revocations")).Shows("2 sessions have ended");
    }

    [Fact]
    public async Task A_disabled_account_signs_nobody_in_until_it_is_enabled()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        Assert.Contains("/ended/", (await FillAsync(grace, $"/admin/people/{ada.Id}/disable")).Location!, StringComparison.Ordinal);

        Assert.Equal("/sign-in", (await desk.GetAsync("/")).Location);
        Assert.Equal(HttpStatusCode.Unauthorized, (await desk.SignInAsync(ada)).Status);
        (await grace.Browser.GetAsync($"/admin/people/{ada.Id}")).Shows("id=\"disabled\"");
        Assert.Equal(HttpStatusCode.Conflict, (await FillAsync(grace, $"/admin/people/{ada.Id}/disable")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await FillAsync(grace, $"/admin/people/{ada.Id}/require-password")).Status);
        Assert.Equal($"/admin/people/{ada.Id}", (await FillAsync(grace, $"/admin/people/{ada.Id}/enable")).Location);
        Assert.Equal("/", (await desk.SignInAsync(ada)).Location);
        Assert.Equal(HttpStatusCode.Conflict, (await FillAsync(grace, $"/admin/people/{ada.Id}/enable")).Status);
        Assert.Equal(["person_disabled", "person_enabled"], (await AuditAsync(ada, grace)).Where(a => a.StartsWith("person", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_required_password_leaves_the_reset_as_the_only_way_in()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        await FillAsync(grace, $"/admin/people/{ada.Id}/require-password");

        Assert.Equal("/sign-in", (await desk.GetAsync("/")).Location);
        Assert.Equal(HttpStatusCode.Unauthorized, (await desk.SignInAsync(ada)).Status);
        Assert.Contains("new_password_required", await AuditAsync(ada, grace));
        var link = Mailbox.Link(await hub.Mail.WaitAsync(ada.Email!, "Choose a new password"), "/reset-password");
        await desk.FillAsync(link, ("link", Mailbox.Secret(link)), ("chosen", "four quite different words"));
        Assert.Equal("/", (await desk.SignInAsync(ada, "four quite different words")).Location);
    }

    [Fact]
    public async Task An_account_is_deleted_when_its_address_is_typed_and_nothing_personal_is_left()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var ada = await hub.PersonAsync("Ada Lovelace");
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);

        var empty = await FillAsync(grace, $"/admin/people/{ada.Id}/delete");
        var other = await FillAsync(grace, $"/admin/people/{ada.Id}/delete", ("confirm", "eve@example.com"));
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (empty.Status, other.Status));
        other.Shows("value=\"eve@example.com\"");
        (await desk.GetAsync("/")).Shows("Hello");

        var done = await FillAsync(grace, $"/admin/people/{ada.Id}/delete", ("confirm", ada.Email!.ToUpperInvariant()));

        (await grace.Browser.GetAsync(done.Location!)).Shows("One session has ended");
        Assert.Equal("/sign-in", (await desk.GetAsync("/")).Location);
        var left = await hub.DataAsync(db => db.Users.SingleAsync(u => u.Id == ada.Id));
        Assert.Equal((null, ""), (left.Email, left.DisplayName));
        Assert.False(await hub.DataAsync(db => db.Set<UserWord>().AnyAsync(w => w.UserId == ada.Id)));
        Assert.Contains("account_closed", await AuditAsync(ada, grace));
        (await grace.Browser.GetAsync($"/admin/people/{ada.Id}")).Hides("id=\"delete\"");
        foreach (var act in new[] { "end", "disable", "enable", "require-password", "delete" })
        {
            Assert.Equal(HttpStatusCode.Conflict, (await FillAsync(grace, $"/admin/people/{ada.Id}/{act}")).Status);
        }
    }

    [Fact]
    public async Task Where_the_administrator_sits_is_not_shown_to_the_person()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();

        await FillAsync(grace, $"/admin/people/{ada.Id}/end");
        await desk.SignInAsync(ada);

        var entry = await hub.DataAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.UserId == ada.Id && e.Action == "person_revoked"));
        Assert.NotNull(entry.IpAddress);
        var shown = (await desk.GetAsync("/account/activity")).Text;
        var after = shown[shown.IndexOf("An administrator ended every session", StringComparison.Ordinal)..];
        Assert.DoesNotContain(entry.IpAddress, after[..after.IndexOf("</li>", StringComparison.Ordinal)], StringComparison.Ordinal);
    }

    private static Task<Answer> FillAsync(AdminVisitor grace, string page, params (string, string)[] fields) => grace.Browser.FillAsync(page, fields);

    private Task<List<string>> AuditAsync(User ada, AdminVisitor by) => hub.DataAsync(db => db.Set<AuditEntry>()
        .Where(e => e.UserId == ada.Id && e.Actor == $"admin:{by.Person.Id}").OrderBy(e => e.Id).Select(e => e.Action).ToListAsync());

    public sealed class OnSqlite(StartedHub hub) : PeoplePagesTests(hub), IClassFixture<StartedHub>;

    public sealed class OnPostgres(StartedHubOnPostgres hub) : PeoplePagesTests(hub), IClassFixture<StartedHubOnPostgres>;
}
