using System.Net;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary>How somebody becomes an administrator.</summary>
public abstract class InvitationTests(StartedHub hub)
{
    private const string Page = "/admin/invitation";

    [Fact]
    public async Task Who_has_no_account_makes_one_signs_in_and_the_administration_opens_with_a_second_factor()
    {
        var (email, link) = await InviteAsync(AdminRole.Administrator);
        using var browser = hub.Visitor();
        (await browser.GetAsync(link)).Shows(email);

        var accepted = await FillAsync(browser, link, ("name", "Grace Hopper"), ("password", StartedHub.Password));

        Assert.Equal("/sign-in?return_url=%2Fadmin%2Fsecond-factor", accepted.Location);
        var grace = await hub.DataAsync(db => db.Users.SingleAsync(u => u.Email == email));
        Assert.True(grace.EmailConfirmed);
        Assert.Equal("/admin/second-factor", (await browser.SignInAsync(grace, returnUrl: "/admin/second-factor")).Location);
        (await browser.GetAsync("/admin/second-factor")).Shows("second factor");
        await hub.SecondFactorAsync(browser);
        Assert.Equal("/admin", (await browser.GetAsync("/admin/second-factor")).Location);
        Assert.Equal(AdminRole.Administrator, await RoleAsync(grace));
        Assert.Equal(["registered", "administrator_set"], await hub.DataAsync(db => db.Set<AuditEntry>()
            .Where(e => e.UserId == grace.Id && (e.Action == "registered" || e.Action.StartsWith("administrator"))).OrderBy(e => e.Id).Select(e => e.Action).ToListAsync()));
    }

    [Fact]
    public async Task It_is_used_once_and_the_latest_of_an_address_counts()
    {
        var (email, first) = await InviteAsync(AdminRole.Viewer);
        var (_, second) = await InviteAsync(AdminRole.Operator, email);
        using var browser = hub.Visitor();

        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(first)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await FillAsync(browser, second, ("name", "Grace"), ("password", StartedHub.Password))).Status);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(second)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await browser.PostFromAsync("/sign-in", Page, ("link", Secret(second)), ("name", "Mallory"), ("password", StartedHub.Password))).Status);
        Assert.Equal(AdminRole.Operator, await RoleAsync(await hub.DataAsync(db => db.Users.SingleAsync(u => u.Email == email))));
    }

    [Fact]
    public async Task The_secret_is_not_in_the_database_and_after_a_day_it_opens_nothing()
    {
        var (email, link) = await InviteAsync(AdminRole.Administrator);
        using var browser = hub.Visitor();

        var row = await hub.DataAsync(db => db.Set<Invitation>().SingleAsync(i => i.Email == email));
        Assert.Equal(System.Security.Cryptography.SHA256.HashData(System.Buffers.Text.Base64Url.DecodeFromChars(Secret(link))), row.Hash);
        hub.Clock.Move(TimeSpan.FromHours(25));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(Page)).Status);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync($"{Page}?link=%27%20OR%201")).Status);
    }

    [Fact]
    public async Task Who_has_an_account_accepts_it_signed_in_a_moment_ago_and_nobody_else_can()
    {
        var ada = await hub.PersonAsync();
        var eve = await hub.PersonAsync("Eve");
        var (_, link) = await InviteAsync(AdminRole.Operator, ada.Email!.ToUpperInvariant());
        using var browser = hub.Visitor();
        using var other = hub.Visitor();
        await other.SignInAsync(eve);

        (await browser.GetAsync(link)).Shows("id=\"sign-in-first\"");
        Assert.Equal(HttpStatusCode.Conflict, (await browser.PostFromAsync("/sign-in", Page, ("link", Secret(link)), ("name", "Eve"), ("password", StartedHub.Password))).Status);
        (await other.GetAsync(link)).Shows("id=\"another-person\"");
        Assert.Equal(HttpStatusCode.Conflict, (await other.PostFromAsync("/account/password", Page, ("link", Secret(link)))).Status);
        Assert.Null(await RoleAsync(eve));
        await browser.SignInAsync(ada, returnUrl: link);
        hub.Clock.Move(TimeSpan.FromMinutes(30));
        Assert.StartsWith("/confirm-identity?return_url=%2Fadmin%2Finvitation", (await FillAsync(browser, link)).Location, StringComparison.Ordinal);
        Assert.Null(await RoleAsync(ada));

        await browser.SignInAsync(ada, returnUrl: link);
        Assert.Equal("/admin/second-factor", (await FillAsync(browser, link)).Location);
        Assert.Equal(AdminRole.Operator, await RoleAsync(ada));
    }

    [Fact]
    public async Task An_account_that_a_stranger_began_with_the_address_gets_nothing_of_it()
    {
        var mallory = await hub.PersonAsync("Mallory", u => u.EmailConfirmed = false);
        var (_, link) = await InviteAsync(AdminRole.Administrator, mallory.Email!);
        using var browser = hub.Visitor();

        var accepted = await FillAsync(browser, link, ("name", "Grace"), ("password", "four quite different words"));

        Assert.Equal(HttpStatusCode.SeeOther, accepted.Status);
        var grace = await hub.DataAsync(db => db.Users.SingleAsync(u => u.Email == mallory.Email));
        Assert.NotEqual(mallory.Id, grace.Id);
        Assert.Null(await RoleAsync(mallory));
        using var thief = hub.Visitor();
        Assert.Equal(HttpStatusCode.Unauthorized, (await thief.SignInAsync(mallory)).Status);
    }

    [Fact]
    public async Task A_mistake_is_told_beside_its_field_and_the_link_stays_good()
    {
        var (email, link) = await InviteAsync(AdminRole.Viewer);
        using var browser = hub.Visitor();

        var answer = await FillAsync(browser, link, ("name", "Grace"), ("password", "short"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("id=\"password-error\"");
        answer.Shows("value=\"Grace\"");
        Assert.False(await hub.DataAsync(db => db.Users.AnyAsync(u => u.Email == email)));
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(link)).Status);
    }

    [Fact]
    public async Task It_does_not_outlive_the_trust_in_who_made_it()
    {
        // Each way of losing it, behind the back of what makes invitations void.
        foreach (var lose in new Func<User, Task<int>>[]
        {
            async ada =>
            {
                await AdminVisitor.SetRoleAsync(hub, ada, AdminRole.Operator);
                return 1;
            },
            ada => hub.DataAsync(db => db.Users.Where(u => u.Id == ada.Id).ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, hub.Clock.GetUtcNow()))),
        })
        {
            var ada = await hub.PersonAsync();
            var grace = await hub.PersonAsync("Grace");
            await AdminVisitor.SetRoleAsync(hub, ada, AdminRole.Administrator);
            var (_, link) = await InviteAsync(AdminRole.Administrator, grace.Email, ada);
            var seen = (await hub.ServiceAsync<Invitations, Invited?>(i => i.FindAsync(Secret(link), TestContext.Current.CancellationToken)))!;
            using var browser = hub.Visitor();
            (await browser.GetAsync(link)).Shows("id=\"sign-in-first\"");

            Assert.Equal(1, await lose(ada));

            Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
            // Also where it was lost after the link had been looked up.
            Assert.False(await hub.ServiceAsync<Invitations, bool>(i => i.AcceptAsync(seen, grace.Id)));
            Assert.Null(await hub.ServiceAsync<Invitations, User?>(i => i.AcceptAsync(seen, "Grace", StartedHub.Password)));
            Assert.Null(await RoleAsync(grace));
        }
    }

    [Fact]
    public async Task Whoever_loses_the_role_is_disabled_or_closes_the_account_leaves_no_invitation_behind()
    {
        using var root = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var by = Initiator.Administrator(root.Person.Id);
        foreach (var (act, trustedAgain) in new (Func<User, Task>, bool)[]
        {
            (ada => hub.ServiceAsync<AdministratorList, PersonRefusal?>(a => a.SetAsync(ada.Id, AdminRole.Operator, by)), true),
            (ada => hub.ServiceAsync<PersonActs, PersonAct>(a => a.DisableAsync(ada.Id, by)), true),
            (ada => hub.ServiceAsync<PersonActs, PersonAct>(a => a.DeleteAsync(ada.Id, by)), false),
        })
        {
            var ada = await hub.PersonAsync();
            await AdminVisitor.SetRoleAsync(hub, ada, AdminRole.Administrator);
            var (email, link) = await InviteAsync(AdminRole.Administrator, by: ada);
            var (_, own) = await InviteAsync(AdminRole.Administrator, ada.Email);

            await act(ada);

            Assert.False(await hub.DataAsync(db => db.Set<Invitation>().AnyAsync(i => i.Email == email)));
            // Whoever gets the address next is somebody else.
            Assert.Equal(trustedAgain, await hub.DataAsync(db => db.Set<Invitation>().AnyAsync(i => i.Email == ada.Email)));
            if (trustedAgain)
            {
                await hub.ServiceAsync<PersonActs, PersonAct>(a => a.EnableAsync(ada.Id, by));
                await AdminVisitor.SetRoleAsync(hub, ada, AdminRole.Administrator);
            }

            using var browser = hub.Visitor();
            Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(link)).Status);
            Assert.Equal(trustedAgain ? HttpStatusCode.OK : HttpStatusCode.Gone, (await browser.GetAsync(own)).Status);
        }

        Assert.True(await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "administrator_invitation_withdrawn" && e.Actor == by.Name)) >= 4);
    }

    [Fact]
    public async Task It_takes_nothing_away_from_who_is_more_already()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var (_, link) = await InviteAsync(AdminRole.Viewer, grace.Person.Email!);

        Assert.Equal("/admin/second-factor", (await FillAsync(grace.Browser, link)).Location);

        Assert.Equal(AdminRole.Administrator, await RoleAsync(grace.Person));
    }

    private static string Secret(string link) => link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private static Task<Pages.Answer> FillAsync(Visitor browser, string link, params (string, string)[] fields) => browser.FillAsync(link, [("link", Secret(link)), .. fields]);

    private async Task<(string Email, string Link)> InviteAsync(AdminRole role, string? email = null, User? by = null)
    {
        email ??= $"{Guid.CreateVersion7():N}@example.com";
        var link = await hub.ServiceAsync<Invitations, InvitationLink>(i => i.InviteAsync(email, role, by is null ? Initiator.CommandLine : Initiator.Administrator(by.Id)));
        return (email, link.Address.PathAndQuery);
    }

    private Task<AdminRole?> RoleAsync(User user) => hub.ServiceAsync<Administrators, AdminRole?>(a => a.RoleOfAsync(user.Id, TestContext.Current.CancellationToken));

    public sealed class OnSqlite(StartedHub hub) : InvitationTests(hub), IClassFixture<StartedHub>;

    public sealed class OnPostgres(StartedHubOnPostgres hub) : InvitationTests(hub), IClassFixture<StartedHubOnPostgres>;
}
