using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Access;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

public sealed class AdministratorPagesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    private const string Page = "/admin/administrators";

    [Fact]
    public async Task An_invitation_is_shown_once_waits_in_the_list_and_can_be_withdrawn()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var email = $"{Guid.CreateVersion7():N}@example.com";

        var shown = await grace.Browser.PostFromAsync(Page, $"{Page}/invite", ("email", email), ("role", "operator"));

        var link = Regex.Match(shown.Text, "id=\"link\">http://127.0.0.1(/admin/invitation\\?link=[\\w-]{43})<").Groups[1].Value;
        using var invited = hub.Visitor();
        (await invited.GetAsync(link)).Shows(email);
        var list = await grace.Browser.GetAsync(Page);
        list.Shows(email);
        list.Shows($"invited by <a href=\"/admin/people/{grace.Person.Id}\">");
        list.Hides(link[^43..]);
        var id = await hub.DataAsync(db => db.Set<Invitation>().Where(i => i.Email == email).Select(i => i.Id).SingleAsync());
        Assert.Equal(Page, (await grace.Browser.PostFromAsync(Page, $"{Page}/withdraw", ("invitation", id.ToString()))).Location);
        Assert.Equal(HttpStatusCode.Gone, (await invited.GetAsync(link)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.PostFromAsync(Page, $"{Page}/withdraw", ("invitation", id.ToString()))).Status);
    }

    [Fact]
    public async Task A_mistake_is_told_beside_the_field()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);

        var answer = await grace.Browser.PostFromAsync(Page, $"{Page}/invite", ("email", "no address"), ("role", "operator"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("id=\"email-error\"");
        answer.Shows("value=\"no address\"");
        Assert.Equal(HttpStatusCode.BadRequest, (await grace.Browser.PostFromAsync(Page, $"{Page}/invite", ("email", "a@example.com"), ("role", "king"))).Status);
    }

    [Fact]
    public async Task A_role_is_changed_and_taken_away_from_the_next_request_on()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        using var ada = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);

        Assert.Equal(Page, (await grace.Browser.PostFromAsync(Page, $"{Page}/role", ("person", ada.Person.Id.ToString()), ("role", "viewer"))).Location);
        Assert.Equal(HttpStatusCode.Forbidden, (await ada.Browser.AskAsync("GET", $"/admin/people/{grace.Person.Id}/end")).Status);
        (await grace.Browser.GetAsync($"{Page}/remove?person={ada.Person.Id}")).Shows(ada.Person.Email!);
        Assert.Equal(Page, (await grace.Browser.FillAsync($"{Page}/remove?person={ada.Person.Id}", ("person", ada.Person.Id.ToString()))).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await ada.Browser.AskAsync("GET", Page)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.AskAsync("GET", $"{Page}/remove?person={ada.Person.Id}")).Status);
    }

    [Fact]
    public async Task The_last_one_stays()
    {
        var alone = new StartedHub();
        await alone.InitializeAsync();
        using var grace = await AdminVisitor.SignInAsync(alone, AdminRole.Administrator);
        var self = grace.Person.Id.ToString();

        Assert.Equal(HttpStatusCode.Conflict, (await grace.Browser.PostFromAsync(Page, $"{Page}/role", ("person", self), ("role", "viewer"))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await grace.Browser.PostFromAsync(Page, $"{Page}/remove", ("person", self))).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await grace.Browser.FillAsync($"/admin/people/{self}/disable")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await grace.Browser.FillAsync($"/admin/people/{self}/delete", ("confirm", grace.Person.Email!))).Status);
        Assert.Equal(HttpStatusCode.OK, (await grace.Browser.AskAsync("GET", Page)).Status);
        await alone.DisposeAsync();
    }
}
