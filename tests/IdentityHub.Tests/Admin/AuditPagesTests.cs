using System.Net;
using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Tests.Account;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Admin;

/// <summary><c>/admin/audit</c>.</summary>
public sealed class AuditPagesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task Entries_are_filtered_paged_and_their_particulars_readable()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var ada = await hub.PersonAsync();
        await AddAsync(60, ada.Id);

        var first = await viewer.Browser.GetAsync($"/admin/audit?person={ada.Id}");
        first.Shows("page tested");
        first.Shows("number: 60");
        first.Shows("id=\"older\"");
        first.Hides("number: 10<");
        var older = System.Net.WebUtility.HtmlDecode(System.Text.RegularExpressions.Regex.Match(first.Text, "id=\"older\" href=\"([^\"]+)\"").Groups[1].Value);
        var second = await viewer.Browser.GetAsync(older);
        second.Shows("number: 10<");
        second.Hides("id=\"older\"");
        (await viewer.Browser.GetAsync($"/admin/audit?person={ada.Id}&action=nothing_like_it")).Shows("id=\"none\"");
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_beside_the_field_and_kept()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);

        var answer = await viewer.Browser.GetAsync("/admin/audit?person=ada&from=%3Cb%3Eyesterday&actor=system");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("id=\"person-error\"");
        answer.Shows("id=\"from-error\"");
        answer.Shows("value=\"system\"");
        answer.Shows("&lt;b&gt;yesterday");
        answer.Hides("<b>yesterday");
        Assert.Equal(HttpStatusCode.BadRequest, (await viewer.Browser.GetAsync("/admin/audit/export?format=csv&from=soon")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await viewer.Browser.GetAsync("/admin/audit/export")).Status);
    }

    [Fact]
    public async Task What_a_browser_says_of_itself_is_text_on_the_page()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var ada = await hub.PersonAsync();
        await hub.DataAsync(db =>
        {
            new AuditTrail(TimeProvider.System).Add(db, "<script>alert(1)</script>", "client:<b>x</b>", ada.Id, details: new { name = "<img src=x onerror=alert(2)>" });
            return db.SaveChangesAsync();
        });

        var answer = await viewer.Browser.GetAsync($"/admin/audit?person={ada.Id}");

        answer.Shows("&lt;script&gt;");
        answer.Hides("<script>alert");
        answer.Hides("<img src=x");
        answer.Hides("client:<b>");
    }

    [Fact]
    public async Task The_end_of_the_chain_is_shown_and_the_export_is_a_file()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var ada = await hub.PersonAsync();
        await AddAsync(2, ada.Id);
        Assert.True(await hub.ServiceAsync<AuditSealing, bool>(async sealing =>
        {
            while (await sealing.SealAsync(TestContext.Current.CancellationToken) > 0)
            {
            }

            return true;
        }));

        var head = await hub.DataAsync(db => db.Set<AuditHead>().AsNoTracking().SingleAsync());
        Assert.InRange(head.Sequence, 2, long.MaxValue);
        Assert.Matches("[0-9]+:[0-9a-f]{64}", (await viewer.Browser.GetAsync("/admin/audit")).TextOf("head"));

        var export = await viewer.Browser.GetAsync($"/admin/audit/export?format=jsonl&person={ada.Id}");
        Assert.Equal(2, export.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.True(await hub.DataAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Action == "audit_exported" && e.Actor == $"admin:{viewer.Person.Id}")));
    }

    private Task AddAsync(int count, Guid person) => hub.DataAsync(db =>
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow()) { AutoAdvanceAmount = TimeSpan.FromMilliseconds(1) };
        var trail = new AuditTrail(clock);
        for (var i = 1; i <= count; i++)
        {
            trail.Add(db, "page_tested", "system", person, details: new { number = i });
        }

        return db.SaveChangesAsync();
    });
}
