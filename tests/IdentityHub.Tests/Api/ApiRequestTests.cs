using System.Net;
using System.Text.Json.Nodes;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>What the API takes and what it refuses, each refusal naming the member (attack case 40).</summary>
public sealed class ApiRequestTests(ApiRequestTests.Hub hub) : IClassFixture<ApiRequestTests.Hub>
{
    public static TheoryData<string, string> BadBodies => new()
    {
        { """{"everyone":true,"confirm":"everyone","everybody":1}""", "everybody" },
        { """{"everyone":"yes","confirm":"everyone"}""", "everyone" },
        { """{"everyone":true}""", "confirm" },
        { """{"everyone":true,"confirm":null}""", "confirm" },
        { """{"everyone":true,"confirm":"yes"}""", "confirm" },
        { """{"confirm":"everyone"}""", "everyone" },
        { """{"everyone":true,"clientId":"notes","confirm":"notes"}""", "everyone" },
        { """{"clientId":"nobody","confirm":"nobody"}""", "clientId" },
        { """{"signedInBefore":"2999-01-01T00:00:00Z","confirm":"2999-01-01T00:00:00Z"}""", "signedInBefore" },
        { """{"signedInBefore":"yesterday","confirm":"x"}""", "signedInBefore" },
        { """{"everyone":true,"everyone":true,"confirm":"everyone"}""", "everyone" },
        { "[]", "body" },
        { "{", "body" },
        { "", "body" },
        { new string('[', 100), "body" },
    };

    [Theory, MemberData(nameof(BadBodies))]
    public async Task A_body_that_is_not_right_is_refused_by_member(string body, string member)
    {
        using var tool = await hub.AsAsync("tool");

        var answer = (await tool.PostAsync("/end-many", body)).Is(HttpStatusCode.BadRequest);

        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal([member], answer.Members);
        var recent = hub.Clock.GetUtcNow().AddDays(-1);
        Assert.False(await hub.DataAsync(db => db.Set<SessionCutoff>().AnyAsync(c => c.Before > recent)));
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_of_another_type_is_refused()
    {
        using var tool = await hub.AsAsync("tool");

        var large = (await tool.PostAsync("/end-many", $$"""{"confirm":"{{new string('x', 70_000)}}"}""")).Is(HttpStatusCode.RequestEntityTooLarge);
        Assert.Equal(["body"], large.Members);
        (await tool.SendAsync(HttpMethod.Post, "/end-many", "everyone=true&confirm=everyone", contentType: "application/x-www-form-urlencoded")).Is(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("/sessions?limit=0", "limit"), InlineData("/sessions?limit=201", "limit"), InlineData("/sessions?limit=ten", "limit")]
    [InlineData("/sessions?page=2", "page"), InlineData("/sessions?limit=1&limit=2", "limit"), InlineData("/sessions?cursor=AAAA", "cursor")]
    [InlineData("/audit?from=yesterday", "from"), InlineData("/audit?person=ada", "person"), InlineData("/audit/export?format=xml", "format")]
    public async Task A_parameter_that_is_not_right_is_named(string path, string member)
    {
        using var tool = await hub.AsAsync("tool");

        Assert.Equal([member], (await tool.GetAsync(path)).Is(HttpStatusCode.BadRequest).Members);
    }

    [Fact]
    public async Task A_list_comes_in_pages_whose_cursors_cannot_be_made_up()
    {
        var ada = await hub.PersonAsync();
        var bob = await hub.PersonAsync();
        HashSet<Guid> all = [(await hub.SessionAsync(ada)).Id, (await hub.SessionAsync(ada)).Id, (await hub.SessionAsync(ada)).Id];
        using var tool = await hub.AsAsync("tool");

        var first = (await tool.GetAsync($"/people/{ada.Id}/sessions?limit=2")).Is(HttpStatusCode.OK).Json;
        var cursor = (string)first["next"]!;
        var second = (await tool.GetAsync($"/people/{ada.Id}/sessions?limit=2&cursor={cursor}")).Is(HttpStatusCode.OK).Json;

        Assert.Null(second["next"]);
        Assert.Equal(all.Order(), new[] { first, second }.SelectMany(page => page["items"]!.AsArray()).Select(s => (Guid)s!["id"]!).Order());
        (await tool.GetAsync($"/people/{bob.Id}/sessions?limit=2&cursor={cursor}")).Is(HttpStatusCode.BadRequest);
        (await tool.GetAsync($"/people/{ada.Id}/sessions?cursor={cursor[..^4]}AAAA")).Is(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task A_session_ends_once_and_is_then_not_there()
    {
        var session = await hub.SessionAsync(await hub.PersonAsync());
        using var tool = await hub.AsAsync("tool");
        Assert.Equal((Guid)(await tool.GetAsync($"/sessions/{session.Id}")).Is(HttpStatusCode.OK).Json["person"]!, session.UserId);

        var ended = (await tool.PostAsync($"/sessions/{session.Id}/end")).Is(HttpStatusCode.OK).Json;

        Assert.Equal(1, (int)ended["sessions"]!);
        Assert.NotEqual(Guid.Empty, (Guid)ended["revocation"]!);
        (await tool.PostAsync($"/sessions/{session.Id}/end")).Is(HttpStatusCode.NotFound);
        (await tool.GetAsync($"/sessions/{session.Id}")).Is(HttpStatusCode.NotFound);
        Assert.Equal("client:tool", await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.SessionId == session.Id && e.Action == "session_ended").Select(e => e.Actor).SingleAsync()));
    }

    [Fact]
    public async Task The_audit_is_listed_by_what_it_is_filtered_by_and_exported()
    {
        var session = await hub.SessionAsync(await hub.PersonAsync());
        using var tool = await hub.AsAsync("tool");
        await tool.PostAsync($"/sessions/{session.Id}/end");

        var listed = (await tool.GetAsync($"/audit?person={session.UserId}&action=session_ended&actor=client:tool")).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        var entry = Assert.Single(listed)!;
        Assert.Equal("session_revoked_by_administrator", (string)entry["details"]!["reason"]!);
        Assert.Empty((await tool.GetAsync($"/audit?person={session.UserId}&until=2020-01-01T00:00:00Z")).Json["items"]!.AsArray());
        Assert.Empty((await tool.GetAsync($"/audit?person={session.UserId}&from={hub.Clock.GetUtcNow().AddHours(1):yyyy-MM-ddTHH:mm:ssZ}")).Json["items"]!.AsArray());

        var lines = (await tool.GetAsync($"/audit/export?person={session.UserId}")).Is(HttpStatusCode.OK);
        Assert.Equal("application/jsonl", lines.ContentType);
        Assert.Equal((string)entry["id"]!, (string)JsonNode.Parse(lines.Text.Split('\n')[0])!["id"]!);
        var csv = (await tool.GetAsync($"/audit/export?person={session.UserId}&format=csv")).Is(HttpStatusCode.OK);
        Assert.StartsWith($"id,at,action,", csv.Text, StringComparison.Ordinal);
        Assert.Contains(",client:tool,", csv.Text, StringComparison.Ordinal);
        Assert.Equal(2, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "audit_exported" && e.Details!.Contains(session.UserId.ToString()))));
    }

    [Fact]
    public async Task Ending_many_is_previewed_confirmed_followed_and_given_up()
    {
        using var tool = await hub.AsAsync("tool");
        var before = hub.Clock.GetUtcNow().AddYears(-1).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);

        var preview = (await tool.PostAsync("/end-many/preview", new { signedInBefore = before })).Is(HttpStatusCode.OK).Json;
        Assert.Equal((0, before), ((int)preview["sessions"]!, (string)preview["confirm"]!));
        var started = (await tool.PostAsync("/end-many", new { signedInBefore = before, confirm = before })).Is(HttpStatusCode.Accepted);
        var id = (Guid)started.Json["id"]!;

        Assert.Equal($"/api/v1/end-many/{id}", started.Headers["Location"]);
        Assert.Equal("everyone_revoked", (string)(await tool.GetAsync($"/end-many/{id}")).Is(HttpStatusCode.OK).Json["reason"]!);
        Assert.Contains((await tool.GetAsync("/end-many")).Json["items"]!.AsArray(), m => (Guid)m!["id"]! == id);
        (await tool.PostAsync($"/end-many/{Guid.CreateVersion7()}/cancel")).Is(HttpStatusCode.NotFound);
        (await tool.PostAsync($"/end-many/{id}/cancel")).Is(HttpStatusCode.OK);
        (await tool.PostAsync($"/end-many/{id}/cancel")).Is(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Administrators_are_listed_invited_and_the_last_one_stays()
    {
        using var tool = await hub.AsAsync("tool");
        var ada = await hub.PersonAsync();

        (await tool.SendAsync(HttpMethod.Put, $"/administrators/{ada.Id}", new { role = "administrator" })).Is(HttpStatusCode.NoContent);
        Assert.Contains((await tool.GetAsync("/administrators")).Json["items"]!.AsArray(), a => (Guid)a!["id"]! == ada.Id);
        (await tool.SendAsync(HttpMethod.Delete, $"/administrators/{ada.Id}")).Is(HttpStatusCode.Conflict);
        Assert.Equal(["role"], (await tool.SendAsync(HttpMethod.Put, $"/administrators/{ada.Id}", new { role = "root" })).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(["email"], (await tool.PostAsync("/administrators/invitations", new { email = "ada", role = "viewer" })).Is(HttpStatusCode.BadRequest).Members);
        var link = (string)(await tool.PostAsync("/administrators/invitations", new { email = "grace@example.com", role = "viewer" })).Is(HttpStatusCode.Created).Json["link"]!;
        Assert.StartsWith("http://127.0.0.1/admin/invitation?link=", link, StringComparison.Ordinal);
        (await tool.SendAsync(HttpMethod.Delete, $"/administrators/{Guid.CreateVersion7()}")).Is(HttpStatusCode.NotFound);
    }

    /// <summary>Where nothing ends what is given up meanwhile.</summary>
    public sealed class Hub : ApiHub
    {
        protected override Task StartedAsync() => StopAsync<MassRevocationRunner>();
    }
}
