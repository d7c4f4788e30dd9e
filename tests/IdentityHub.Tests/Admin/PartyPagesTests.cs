using System.Net;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Administration;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Admin;

public sealed class PartyPagesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task What_is_wrong_stands_beside_the_field_and_what_was_typed_stays()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var id = NewId();

        var answer = await grace.Browser.FillAsync("/admin/relying-parties/register",
            ("client_id", id), ("confidential", "on"), ("redirect_uris", "http://app.example.com/callback"), ("grant_authorization_code", "on"),
            ("give_up_after", "two days"), ("scopes", "profile"), ("display_name", "Typed before"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("id=\"give_up_after-error\"");
        answer.Shows("two days");

        answer = await grace.Browser.FillAsync("/admin/relying-parties/register",
            ("client_id", id), ("confidential", "on"), ("redirect_uris", "http://app.example.com/callback"), ("grant_authorization_code", "on"),
            ("scopes", "profile"), ("display_name", "Typed before"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("id=\"redirect_uris-error\"");
        answer.Shows("it must be https");
        answer.Shows("value=\"Typed before\"");
        answer.Shows("http://app.example.com/callback</textarea>");
        Assert.False(await hub.DataAsync(db => db.Set<RelyingParty>().AnyAsync(r => r.ClientId == id, Cancel)));
    }

    [Fact]
    public async Task A_new_application_gets_its_secret_shown_once_and_another_when_it_is_rotated()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var id = NewId();

        var shown = await RegisterAsync(grace, id);

        var first = shown.TextOf("secret");
        Assert.True(await hub.TakesAsync(id, first));
        var page = await grace.Browser.GetAsync($"/admin/relying-parties/application?client={id}");
        page.Hides(first);
        var rotated = await grace.Browser.PostFromAsync($"/admin/relying-parties/application?client={id}", "/admin/relying-parties/rotate-secret", ("client", id), ("overlap", "24"));
        var second = rotated.TextOf("secret");
        Assert.True(await hub.TakesAsync(id, first));
        Assert.True(await hub.TakesAsync(id, second));
        page = await grace.Browser.GetAsync($"/admin/relying-parties/application?client={id}");
        page.Shows("id=\"end-previous\"");
        await grace.Browser.PostFromAsync($"/admin/relying-parties/application?client={id}", "/admin/relying-parties/end-previous-secret", ("client", id));
        Assert.False(await hub.TakesAsync(id, first));
    }

    [Fact]
    public async Task Who_saves_after_somebody_else_is_told_and_keeps_what_was_typed()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var id = NewId();
        await RegisterAsync(grace, id);
        var form = await grace.Browser.GetAsync($"/admin/relying-parties/edit?client={id}");
        (string, string)[] fields =
        [
            ("__RequestVerificationToken", form.FormToken!), ("client", id), ("version", form.ValueOf("version")),
            ("redirect_uris", "https://app.example.com/callback"), ("grant_authorization_code", "on"), ("scopes", "profile"),
        ];

        var first = await grace.Browser.PostAsync("/admin/relying-parties/edit", [.. fields, ("display_name", "The first")]);
        var second = await grace.Browser.PostAsync("/admin/relying-parties/edit", [.. fields, ("display_name", "The second")]);

        Assert.Equal((HttpStatusCode.SeeOther, HttpStatusCode.Conflict), (first.Status, second.Status));
        second.Shows("role=\"alert\"");
        second.Shows("value=\"The second\"");
        (await grace.Browser.GetAsync($"/admin/relying-parties/application?client={id}")).Shows("<h1>The first</h1>");
    }

    [Fact]
    public async Task An_application_is_disabled_and_removed_by_typing_its_client_id()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var id = NewId();
        await RegisterAsync(grace, id);

        var wrong = await grace.Browser.FillAsync($"/admin/relying-parties/disable?client={id}", ("client", id), ("typed", "somebody else"));
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        wrong.Shows("value=\"somebody else\"");
        wrong.Shows("id=\"what-ends\"");
        Assert.Equal(HttpStatusCode.SeeOther, (await grace.Browser.FillAsync($"/admin/relying-parties/disable?client={id}", ("client", id), ("typed", id))).Status);
        (await grace.Browser.GetAsync($"/admin/relying-parties/application?client={id}")).Shows("id=\"disabled\"");
        await Eventually.TrueAsync(
            async () => (await grace.Browser.FillAsync($"/admin/relying-parties/remove?client={id}", ("client", id), ("typed", id))).Status is HttpStatusCode.SeeOther,
            TimeSpan.FromSeconds(30), "the removal");

        Assert.Equal(HttpStatusCode.NotFound, (await grace.Browser.GetAsync($"/admin/relying-parties/application?client={id}")).Status);
    }

    [Fact]
    public async Task What_configuration_declares_says_so_and_offers_no_change()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);

        var page = await grace.Browser.GetAsync("/admin/relying-parties/application?client=notes");

        page.Shows("id=\"declared\"");
        page.Hides("id=\"edit\"");
        page.Hides("id=\"rotate\"");
        Assert.Equal("/admin/relying-parties/application?client=notes", (await grace.Browser.GetAsync("/admin/relying-parties/edit?client=notes")).Location);
    }

    [Fact]
    public async Task A_viewer_sees_everything_and_is_offered_nothing()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);

        var page = await viewer.Browser.GetAsync("/admin/relying-parties");
        page.Shows("client=notes");
        page.Hides("id=\"register\"");
        (await viewer.Browser.GetAsync("/admin/relying-parties/application?client=notes")).Hides("id=\"disable\"");
        (await viewer.Browser.GetAsync("/admin/keys")).Hides("id=\"rotate\"");
        Assert.Equal(HttpStatusCode.Forbidden, (await viewer.Browser.GetAsync("/admin/relying-parties/register")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await hub.Visitor().GetAsync("/admin/relying-parties/nothing")).Status);
    }

    [Fact]
    public async Task Revocations_are_filtered_shown_and_exported()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var ada = await hub.PersonAsync();
        using (var browser = hub.Visitor())
        {
            await browser.SignInAsync(ada);
            await browser.PostFromAsync("/account/sessions", "/account/sessions/end-all");
        }

        var list = await grace.Browser.GetAsync($"/admin/revocations?person={ada.Id}");
        list.Shows("/admin/revocations/one?id=");
        (await grace.Browser.GetAsync($"/admin/revocations?person={ada.Id}&reason=password_reset")).Shows("id=\"none\"");
        var wrong = await grace.Browser.GetAsync("/admin/revocations?person=ada&from=yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        wrong.Shows("id=\"person-error\"");
        wrong.Shows("value=\"yesterday\"");

        var csv = await grace.Browser.GetAsync($"/admin/revocations/export?person={ada.Id}&format=csv");
        Assert.StartsWith("text/csv", csv.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Contains("attachment", csv.Headers["Content-Disposition"], StringComparison.Ordinal);
        Assert.Equal([RevocationExport.Header, "signed_out_everywhere"], csv.Text.Split("\r\n")[..2].Select((line, n) => n == 0 ? line : line.Split(',')[2]));
        var lines = await grace.Browser.GetAsync($"/admin/revocations/export?person={ada.Id}&format=jsonl");
        Assert.Contains("\"reason\":\"signed_out_everywhere\"", lines.Text, StringComparison.Ordinal);
        Assert.Equal(2, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "revocations_exported" && e.Actor == $"admin:{grace.Person.Id}", Cancel)));
        Assert.Equal(HttpStatusCode.BadRequest, (await grace.Browser.GetAsync("/admin/revocations/export?format=xls")).Status);
    }

    [Fact]
    public async Task Keys_are_rotated_after_a_word_of_what_happens()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        (await grace.Browser.GetAsync("/admin/keys")).Shows("RS256");

        var done = await grace.Browser.FillAsync("/admin/keys/rotate");

        Assert.Equal("/admin/keys?made=3", done.Location);
        Assert.Equal(3, (await hub.ServiceAsync<SigningKeys, IReadOnlyList<ListedKey>>(k => k.ListAsync(Cancel))).Count(k => k.State is KeyState.Next));
    }

    private static async Task<IdentityHub.Tests.Pages.Answer> RegisterAsync(AdminVisitor grace, string id)
    {
        var shown = await grace.Browser.FillAsync("/admin/relying-parties/register",
            ("client_id", id), ("confidential", "on"), ("redirect_uris", "https://app.example.com/callback"), ("grant_authorization_code", "on"),
            ("scopes", "profile email"), ("display_name", "An application"), ("logout_token_subject", "Sid"), ("id_token_signed_response_alg", "ES256"), ("require_pkce", "on"));
        Assert.Equal(HttpStatusCode.OK, shown.Status);
        return shown;
    }
}
