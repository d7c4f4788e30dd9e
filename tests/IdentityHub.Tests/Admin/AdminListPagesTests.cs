using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Administration;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Admin;

/// <summary>The lists of the administration that grow slowly are shown in pages as well.</summary>
public sealed class AdminListPagesTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task Acts_on_many()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        List<string> started = [];
        for (var n = 0; n < 60; n++)
        {
            started.Add((await hub.ServiceAsync<MassRevocations, MassRevocation>(m => m.StartAsync(new(Before: hub.Clock.GetUtcNow().AddYears(-1)), Initiator.CommandLine, Cancel))).Id.ToString());
        }

        Assert.Equal([25, 25, 10], (await FollowAsync(viewer, "/admin/end-many", "older", "href=\"/admin/end-many/([0-9a-f-]{36})\"", started)).Select(p => p.Count));
    }

    [Fact]
    public async Task The_applications_of_a_person()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var ada = await hub.PersonAsync();
        List<string> names = [];
        for (var n = 0; n < 30; n++)
        {
            var registration = New();
            registration.DisplayName = $"Application number {n} of Ada";
            await hub.RegisterAsync(registration);
            names.Add(registration.DisplayName);
            await hub.DataAsync(db =>
            {
                db.Add(new Consent { UserId = ada.Id, ClientId = registration.ClientId, Scopes = "profile", GrantedAt = hub.Clock.GetUtcNow() });
                return db.SaveChangesAsync(Cancel);
            });
        }

        Assert.Equal([25, 5], (await FollowAsync(viewer, $"/admin/people/{ada.Id}", "more-applications", "<strong>(Application number \\d+ of Ada)</strong>", names)).Select(p => p.Count));
        Assert.Equal(HttpStatusCode.OK, (await viewer.Browser.GetAsync($"/admin/people/{ada.Id}?applications=99999999")).Status);
    }

    [Fact]
    public async Task Invitations_that_wait()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        List<string> emails = [];
        for (var n = 0; n < 60; n++)
        {
            emails.Add($"{Guid.CreateVersion7():N}@example.com");
            await hub.ServiceAsync<Invitations, InvitationLink>(i => i.InviteAsync(emails[n], AdminRole.Viewer, Initiator.CommandLine));
        }

        Assert.Equal([50, 10], (await FollowAsync(viewer, "/admin/administrators", "more-invited", "<strong>([0-9a-f]{32}@example.com)</strong>", emails)).Select(p => p.Count));
    }

    // What is on each page, from the first to the last; together it is everything, once.
    private static async Task<List<List<string>>> FollowAsync(AdminVisitor visitor, string path, string next, string item, List<string> expected)
    {
        List<List<string>> pages = [];
        for (string? address = path; address is not null;)
        {
            var answer = await visitor.Browser.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            pages.Add([.. Regex.Matches(answer.Text, item).Select(m => m.Groups[1].Value)]);
            address = Regex.Match(answer.Text, $"id=\"{next}\" href=\"([^\"]+)\"") is { Success: true } link ? WebUtility.HtmlDecode(link.Groups[1].Value) : null;
        }

        Assert.Equal(expected.Order(StringComparer.Ordinal), pages.SelectMany(p => p).Order(StringComparer.Ordinal));
        return pages;
    }
}
