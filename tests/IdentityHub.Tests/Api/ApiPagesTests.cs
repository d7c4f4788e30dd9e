using System.Net;
using System.Text.Json.Nodes;
using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Audit;
using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Admin;
using IdentityHub.Tests.Administration;
using Xunit;
using static IdentityHub.Tests.Administration.Applications;

namespace IdentityHub.Tests.Api;

/// <summary>No list of the API is answered in one piece: each has <c>limit</c> and <c>cursor</c>, and its pages have everything once.</summary>
public sealed class ApiPagesTests(ApiPagesTests.FilledHub hub) : IClassFixture<ApiPagesTests.FilledHub>
{
    private const int Each = 5;

    /// <summary>Every list with the member that has its items, and what tells one from another.</summary>
    private static readonly Dictionary<string, (string Items, string Id)> Lists = new()
    {
        ["/people"] = ("items", "id"),
        ["/people/{person}/applications"] = ("items", "clientId"),
        ["/people/{person}/activity"] = ("items", "action"),
        ["/people/{person}/sessions"] = ("items", "id"),
        ["/people/{person}/would-end"] = ("applications", "clientId"),
        ["/sessions"] = ("items", "id"),
        ["/sessions/{session}/applications"] = ("items", "clientId"),
        ["/relying-parties"] = ("items", "clientId"),
        ["/revocations"] = ("items", "id"),
        ["/revocations/{id}"] = ("applications", "id"),
        ["/keys"] = ("items", "id"),
        ["/end-many"] = ("items", "id"),
        ["/audit"] = ("items", "id"),
        ["/administrators"] = ("items", "id"),
        ["/administrators/invitations"] = ("items", "id"),
    };

    public static TheoryData<string> Paths => [.. Lists.Keys];

    [Fact]
    public async Task Every_list_of_the_description_takes_a_limit_and_a_cursor_and_is_in_the_table()
    {
        using var nobody = hub.AsNobody();
        var document = (await nobody.GetAsync("/openapi.json")).Json;
        var lists = document["paths"]!.AsObject()
            .Where(p => p.Value!["get"]?["responses"]!["200"]!["content"]?["application/json"]?["schema"]?["$ref"] is { } schema
                && document["components"]!["schemas"]![((string)schema!).Split('/')[^1]]!["properties"]!.AsObject().ContainsKey("next"))
            .Select(p => (Path: p.Key["/api/v1".Length..], Parameters: p.Value!["get"]!["parameters"]!.AsArray().Select(q => (string)q!["name"]!).ToList())).ToList();

        Assert.Equal(Lists.Keys.Order(StringComparer.Ordinal), lists.Select(l => l.Path).Order(StringComparer.Ordinal));
        Assert.All(lists, l => Assert.True(l.Parameters.Contains("cursor") && l.Parameters.Contains("limit"), $"{l.Path} takes {string.Join(", ", l.Parameters)}"));
    }

    [Fact]
    public async Task Whatever_answers_with_a_list_is_a_page()
    {
        using var nobody = hub.AsNobody();
        var document = (await nobody.GetAsync("/openapi.json")).Json;
        // What they have is short, however much the hub has: what was registered in one body, the first of a session's
        // applications, the steps of one trial, a key of each algorithm.
        string[] bounded =
        [
            "get /api/v1/relying-parties/{clientId}/registration", "get /api/v1/sessions/{session}", "post /api/v1/relying-parties/{clientId}/prove", "post /api/v1/keys/rotate",
        ];

        var unpaged = document["paths"]!.AsObject().SelectMany(p => p.Value!.AsObject().Select(m => (Endpoint: $"{m.Key} {p.Key}", Answers: m.Value!["responses"]!.AsObject())))
            .Where(e => e.Answers.Any(a => a.Key[0] == '2' && a.Value!["content"]?["application/json"]?["schema"] is { } schema && HasUnpagedList(document, schema)))
            .Select(e => e.Endpoint).ToList();
        Assert.Equal(bounded.Order(StringComparer.Ordinal), unpaged.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_applications_of_a_preview_are_in_pages_and_a_cursor_is_good_for_what_it_was_given_for()
    {
        using var tool = await hub.AsAsync("tool");
        var everyone = new { everyone = true };
        var all = (await tool.PostAsync("/end-many/preview?limit=200", everyone)).Is(HttpStatusCode.OK).Json;
        var expected = Ids(all, "applications", "clientId");
        Assert.True(expected.Count >= Each && all["next"] is null);

        List<string> seen = [];
        for (string? cursor = null; ;)
        {
            var page = (await tool.PostAsync($"/end-many/preview?limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", everyone)).Is(HttpStatusCode.OK).Json;
            Assert.Equal(((int)all["sessions"]!, "everyone"), ((int)page["sessions"]!, (string)page["confirm"]!));
            seen.AddRange(Ids(page, "applications", "clientId"));
            if ((string?)page["next"] is not { } next)
            {
                break;
            }

            cursor = next;
        }

        Assert.Equal(expected, seen);
        var first = Uri.EscapeDataString((string)(await tool.PostAsync("/end-many/preview?limit=1", everyone)).Json["next"]!);
        Assert.Equal(["cursor"], (await tool.PostAsync($"/end-many/preview?cursor={first}", new { clientId = expected[0] })).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(["limit"], (await tool.PostAsync("/end-many/preview?limit=201", everyone)).Is(HttpStatusCode.BadRequest).Members);
    }

    [Fact]
    public async Task A_session_has_the_first_of_its_applications_and_says_how_many_there_are()
    {
        using var tool = await hub.AsAsync("tool");
        foreach (var session in new[] { (await tool.GetAsync($"/sessions/{hub.Session}")).Json, (await tool.GetAsync($"/people/{hub.Person}/sessions")).Json["items"]!.AsArray().Single(s => (Guid)s!["id"]! == hub.Session)! })
        {
            Assert.Equal(hub.Applications.Take(LiveSessionList.ApplicationsListed), Ids(session, "applications", "clientId"));
            Assert.Equal(hub.Applications.Count, (int)session["applicationCount"]!);
        }

        Assert.Equal(hub.Applications, Ids((await tool.GetAsync($"/sessions/{hub.Session}/applications?limit=200")).Json, "items", "clientId"));
        (await tool.GetAsync($"/sessions/{Guid.CreateVersion7()}/applications")).Is(HttpStatusCode.NotFound);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task Its_pages_have_everything_once(string list)
    {
        using var tool = await hub.AsAsync("tool");
        var (items, id) = Lists[list];
        var path = list.Replace("{person}", hub.Person.ToString(), StringComparison.Ordinal).Replace("{id}", hub.Act.ToString(), StringComparison.Ordinal)
            .Replace("{session}", hub.Session.ToString(), StringComparison.Ordinal);
        var all = (await tool.GetAsync($"{path}?limit=200")).Is(HttpStatusCode.OK).Json;
        Assert.Null(all["next"]);
        var expected = Ids(all, items, id);
        Assert.True(expected.Count >= 3, $"{list} has {expected.Count}.");

        List<string> seen = [];
        for (string? cursor = null; ;)
        {
            var page = (await tool.GetAsync($"{path}?limit=2{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}")).Is(HttpStatusCode.OK).Json;
            Assert.True(page[items]!.AsArray().Count is 1 or 2);
            seen.AddRange(Ids(page, items, id));
            if ((string?)page["next"] is not { } next)
            {
                break;
            }

            Assert.Equal(2, page[items]!.AsArray().Count);
            cursor = next;
        }

        Assert.Equal(expected, seen);
        foreach (var limit in new[] { "0", "201", "-1", "many", "" + int.MaxValue + "0" })
        {
            Assert.Equal(["limit"], (await tool.GetAsync($"{path}?limit={limit}")).Is(HttpStatusCode.BadRequest).Members);
        }

        Assert.Equal(["cursor"], (await tool.GetAsync($"{path}?cursor=AAAA")).Is(HttpStatusCode.BadRequest).Members);
        // Good for that list alone.
        var first = (string)(await tool.GetAsync($"{path}?limit=1")).Json["next"]!;
        var other = list == "/keys" ? "/people" : "/keys";
        Assert.Equal(["cursor"], (await tool.GetAsync($"{other}?cursor={Uri.EscapeDataString(first)}")).Is(HttpStatusCode.BadRequest).Members);
    }

    private static List<string> Ids(JsonNode answer, string items, string id) => [.. answer[items]!.AsArray().Select(i => i![id]!.ToString())];

    private static bool HasUnpagedList(JsonNode document, JsonNode schema)
    {
        var named = schema["$ref"] is { } reference ? document["components"]!["schemas"]![((string)reference!).Split('/')[^1]]! : schema;
        return IsList(named) || (named["properties"]?.AsObject() is { } properties && !properties.ContainsKey("next") && properties.Any(p => IsList(p.Value!)));
    }

    private static bool IsList(JsonNode schema) => schema["items"] is not null;

    /// <summary>With a few of everything.</summary>
    public sealed class FilledHub : ApiHub
    {
        internal Guid Person { get; private set; }

        internal Guid Act { get; private set; }

        /// <summary>A session of theirs in which more applications are open than a list of sessions has of each.</summary>
        internal Guid Session { get; private set; }

        internal IReadOnlyList<string> Applications { get; private set; } = [];

        protected override async Task StartedAsync()
        {
            // What is listed stays what it is while it is read.
            await StopAsync<MassRevocationRunner>();
            var ada = await PersonAsync();
            (Person, Act) = (ada.Id, Guid.CreateVersion7(Clock.GetUtcNow()));
            List<object> rows = [];
            for (var n = 0; n < Each; n++)
            {
                var now = Clock.GetUtcNow();
                var registration = New();
                registration.BackChannelLogoutUri = "https://app.example.com/logout";
                await this.RegisterAsync(registration);
                var session = await SessionAsync(ada);
                await AdminVisitor.SetRoleAsync(this, await PersonAsync(), AdminRole.Viewer);
                await ServiceAsync<Invitations, InvitationLink>(i => i.InviteAsync($"{Guid.CreateVersion7():N}@example.com", AdminRole.Viewer, Initiator.CommandLine));
                await ServiceAsync<MassRevocations, MassRevocation>(m => m.StartAsync(new(Before: now.AddYears(-1)), Initiator.CommandLine, Cancel));
                rows.AddRange(
                [
                    new SessionParticipant { SessionId = session.Id, ClientId = registration.ClientId, FirstSeenAt = now, LastCodeAt = now },
                    new Consent { UserId = ada.Id, ClientId = registration.ClientId, Scopes = "profile", GrantedAt = now },
                    new RevocationRecord { Id = n == 0 ? Act : Guid.CreateVersion7(now), Reason = RevocationReason.SignedOut, Initiator = "system", UserId = ada.Id, At = now, Sessions = 1, RelyingParties = 1 },
                    new LogoutDelivery
                    {
                        Id = Guid.CreateVersion7(now), RevocationId = Act, SessionId = session.Id, ClientId = registration.ClientId, Sid = session.Sid, Subject = ada.Id.ToString(), CreatedAt = now,
                        State = DeliveryState.Confirmed, NextAttemptAt = null, GiveUpAt = now.AddDays(1), SettledAt = now,
                    },
                ]);
                var entry = new AuditTrail(Clock).Entry($"act_{n}", "system", ada.Id);
                rows.AddRange([entry, new AuditSeal { EntryId = entry.Id }]);
            }

            var everywhere = await SessionAsync(ada);
            Session = everywhere.Id;
            Applications = [.. Enumerable.Range(0, LiveSessionList.ApplicationsListed + Each).Select(n => $"everywhere-{n:00}")];
            rows.AddRange(Applications.Select(client => new RelyingParty { ClientId = client }));
            rows.AddRange(Applications.Select(client => new SessionParticipant { SessionId = everywhere.Id, ClientId = client, FirstSeenAt = everywhere.CreatedAt, LastCodeAt = everywhere.CreatedAt }));
            await DataAsync(db =>
            {
                db.AddRange(rows);
                return db.SaveChangesAsync();
            });
        }
    }
}
