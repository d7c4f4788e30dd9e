using System.Net;
using System.Text.RegularExpressions;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Account;
using IdentityHub.Tests.Administration;
using IdentityHub.Users;
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
    public async Task What_became_of_an_act_at_each_application_with_those_first_that_did_not_confirm()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        var ada = await hub.PersonAsync();
        var (act, names) = (await EndedAsync(ada, 60), Names("Outcome", 60));

        foreach (var path in new[] { $"/admin/revocations/one?id={act}", $"/admin/people/{ada.Id}/ended/{act}" })
        {
            var pages = await FollowAsync(viewer, path, "more-applications", ">(Outcome \\d\\d)<", names);
            Assert.Equal([25, 25, 10], pages.Select(p => p.Count));
            Assert.Equal(["Outcome 58", "Outcome 59", "Outcome 00"], pages[0].Take(3));
            // Of all of them, and what is being told is on another page.
            var first = await viewer.Browser.GetAsync(path);
            first.Shows("57 of 60 applications have confirmed it.");
            first.Shows("/live?");
            var live = WebUtility.HtmlDecode(Regex.Match((await viewer.Browser.GetAsync($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}applications=3")).Text, "data-live=\"([^\"]+)\"").Groups[1].Value);
            Assert.Equal(pages[2], await FirstStateAsync(viewer, live));
        }

        // Only those of the page are rung from it.
        Assert.Equal(["outcome-58", "outcome-59"], Regex.Matches((await grace.Browser.GetAsync($"/admin/revocations/one?id={act}")).Text, "name=\"client\" value=\"([^\"]+)\"").Select(m => m.Groups[1].Value));
        Assert.Empty(Regex.Matches((await grace.Browser.GetAsync($"/admin/revocations/one?id={act}&applications=2")).Text, "name=\"client\""));
    }

    [Fact]
    public async Task What_would_end_with_a_person_and_with_one_session()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        var ada = await hub.PersonAsync();
        var session = await OpenAsync(ada, "Open", 30);

        foreach (var path in new[] { $"/admin/people/{ada.Id}/end", $"/admin/people/{ada.Id}/end?session={session}" })
        {
            (await grace.Browser.GetAsync(path)).Shows("These 30 applications are open there:");
            Assert.Equal([25, 5], (await FollowAsync(grace, path, "more-applications", "<li>(Open \\d\\d)", Names("Open", 30))).Select(p => p.Count));
        }
    }

    [Fact]
    public async Task The_applications_that_are_open_in_a_session()
    {
        using var viewer = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        var ada = await hub.PersonAsync();
        var session = await OpenAsync(ada, "Within", 30);

        // Ten are named with the session, and the rest is behind them.
        var person = await viewer.Browser.GetAsync($"/admin/people/{ada.Id}");
        Assert.Equal(Names("Within", 10), Regex.Matches(person.Text, "<li>(Within \\d\\d)</li>").Select(m => m.Groups[1].Value));
        person.Shows($"<a href=\"/admin/people/{ada.Id}/sessions/{session}\">and 20 more<");
        Assert.Equal([25, 5], (await FollowAsync(viewer, $"/admin/people/{ada.Id}/sessions/{session}", "more-applications", "<strong>(Within \\d\\d)</strong>", Names("Within", 30))).Select(p => p.Count));

        // The session of somebody else is none of this person.
        var eve = await hub.PersonAsync();
        Assert.Equal($"/admin/people/{eve.Id}", (await viewer.Browser.GetAsync($"/admin/people/{eve.Id}/sessions/{session}")).Location);
        Assert.Equal(HttpStatusCode.NotFound, (await viewer.Browser.GetAsync($"/admin/people/{Guid.CreateVersion7()}/sessions/{session}")).Status);
    }

    [Fact]
    public async Task What_would_end_with_many()
    {
        using var grace = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        var ada = await hub.PersonAsync();
        await OpenAsync(ada, "Many", 30);

        Assert.Equal([25, 5], (await FollowAsync(grace, "/admin/end-many/preview?scope=application&client=many-07", "more-applications", "<li>(Many \\d\\d): 1</li>", Names("Many", 30))).Select(p => p.Count));
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

    private static List<string> Names(string name, int many) => [.. Enumerable.Range(0, many).Select(n => $"{name} {n:00}")];

    // A live session of the person in which so many applications are open.
    private async Task<Guid> OpenAsync(User person, string name, int many)
    {
        var (now, id) = (hub.Clock.GetUtcNow(), Guid.CreateVersion7());
        List<object> rows =
        [
            new UserSession
            {
                Id = id, Sid = SessionCookie.NewSid(), CookieHash = SessionCookie.Hash(SessionCookie.NewValue())!, UserId = person.Id, CreatedAt = now, AuthenticatedAt = now, Amr = "pwd", LastSeenAt = now,
                ExpiresAt = now.AddHours(1), AbsoluteExpiresAt = now.AddHours(24), IdleTimeout = TimeSpan.FromHours(1), AbsoluteTimeout = TimeSpan.FromHours(24), Remembered = false,
            },
        ];
        foreach (var (n, display) in Names(name, many).Index())
        {
            var client = $"{name.ToLowerInvariant()}-{n:00}";
            rows.Add(new RelyingParty { ClientId = client, DisplayName = display, BackChannelLogoutUri = "https://app.example.com/logout" });
            rows.Add(new SessionParticipant { SessionId = id, ClientId = client, FirstSeenAt = now, LastCodeAt = now });
        }

        await AddAsync(rows);
        return id;
    }

    // An act of which so many applications were told; the last but two was not reached yet, and the last two refused.
    private async Task<Guid> EndedAsync(User person, int many)
    {
        var (now, act, session) = (hub.Clock.GetUtcNow(), Guid.CreateVersion7(hub.Clock.GetUtcNow()), await OpenAsync(person, "Outcome", many));
        List<object> rows = [new RevocationRecord { Id = act, Reason = RevocationReason.SignedOut, Initiator = "system", UserId = person.Id, At = now, Sessions = 1, RelyingParties = many }];
        rows.AddRange(Enumerable.Range(0, many).Select(n => new LogoutDelivery
        {
            Id = Guid.CreateVersion7(now), RevocationId = act, SessionId = session, ClientId = $"outcome-{n:00}", Sid = "s", Subject = "s", CreatedAt = now, GiveUpAt = now.AddDays(2),
            State = n < many - 3 ? DeliveryState.Confirmed : n < many - 2 ? DeliveryState.Pending : DeliveryState.Rejected,
            NextAttemptAt = n == many - 3 ? now.AddDays(1) : null,
        }));
        await AddAsync(rows);
        return act;
    }

    private Task<int> AddAsync(List<object> rows) => hub.DataAsync(db =>
    {
        db.AddRange(rows);
        return db.SaveChangesAsync(Cancel);
    });

    // What an open page is sent first.
    private static async Task<List<string>> FirstStateAsync(AdminVisitor visitor, string live)
    {
        using var answer = await visitor.Browser.OpenAsync(live);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancel));
        List<string> names = [];
        while (await reader.ReadLineAsync(Cancel) is { Length: > 0 } line)
        {
            names.AddRange(Regex.Matches(line, ">(Outcome \\d\\d)<").Select(m => m.Groups[1].Value));
        }

        return names;
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
