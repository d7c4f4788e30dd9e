using System.Net;
using System.Text.Json.Nodes;
using IdentityHub.Administration;
using IdentityHub.Audit;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>Applications, revocations and keys, by program.</summary>
public sealed class PartiesApiTests(ApiHub hub) : IClassFixture<ApiHub>
{
    [Fact]
    public async Task An_application_is_registered_changed_given_another_secret_and_taken_away()
    {
        using var tool = await hub.AsAsync("tool");
        var registration = new { displayName = "Shop", redirectUris = new[] { "http://127.0.0.1:9/callback" } };

        var secret = (string)(await tool.SendAsync(HttpMethod.Put, "/relying-parties/shop", registration)).Is(HttpStatusCode.OK).Json["clientSecret"]!;
        Assert.Equal(43, secret.Length);
        Assert.Null((await tool.SendAsync(HttpMethod.Put, "/relying-parties/shop", registration)).Is(HttpStatusCode.OK).Json["clientSecret"]);
        var read = (await tool.GetAsync("/relying-parties/shop/registration")).Is(HttpStatusCode.OK);
        Assert.Equal("Shop", (string)read.Json["displayName"]!);
        Assert.DoesNotContain(secret, read.Text, StringComparison.Ordinal);
        Assert.Contains((await tool.GetAsync("/relying-parties?search=shop")).Is(HttpStatusCode.OK).Json["items"]!.AsArray(), p => (string)p!["clientId"]! == "shop");
        Assert.NotEqual(secret, (string)(await tool.PostAsync("/relying-parties/shop/rotate-secret", new { overlapSeconds = 0 })).Is(HttpStatusCode.OK).Json["clientSecret"]!);
        (await tool.PostAsync("/relying-parties/shop/end-previous-secret")).Is(HttpStatusCode.OK);
        (await tool.PostAsync("/relying-parties/nobody/end-previous-secret")).Is(HttpStatusCode.NotFound);
        (await tool.PostAsync("/relying-parties/notes/end-previous-secret")).Is(HttpStatusCode.Conflict);
        Assert.Equal(["overlapSeconds"], (await tool.PostAsync("/relying-parties/shop/rotate-secret", new { overlapSeconds = 700_000 })).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(0, (int)(await tool.PostAsync("/relying-parties/shop/ring")).Is(HttpStatusCode.OK).Json["deliveries"]!);
        (await tool.SendAsync(HttpMethod.Delete, "/relying-parties/shop")).Is(HttpStatusCode.Conflict);
        (await tool.PostAsync("/relying-parties/shop/disable")).Is(HttpStatusCode.OK);
        (await tool.PostAsync("/relying-parties/shop/enable")).Is(HttpStatusCode.OK);
        Assert.True(await hub.DataAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.Action == "relying_party_registered" && e.Actor == "client:tool")));
    }

    [Fact]
    public async Task What_cannot_be_registered_is_named()
    {
        using var tool = await hub.AsAsync("tool");

        Assert.Equal(["redirectUris"], (await tool.SendAsync(HttpMethod.Put, "/relying-parties/bad", new { redirectUris = new[] { "javascript:alert(1)" } })).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(["secret"], (await tool.SendAsync(HttpMethod.Put, "/relying-parties/bad", new { secret = "x" })).Is(HttpStatusCode.BadRequest).Members);
        (await tool.SendAsync(HttpMethod.Put, "/relying-parties/notes", new { redirectUris = new[] { "http://127.0.0.1:9/callback" } })).Is(HttpStatusCode.Conflict);
        foreach (var path in new[] { "", "/registration" })
        {
            (await tool.GetAsync($"/relying-parties/nobody{path}")).Is(HttpStatusCode.NotFound);
        }

        (await tool.PostAsync("/relying-parties/nobody/disable")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_revocation_is_listed_by_what_it_is_filtered_by_and_shown()
    {
        var session = await hub.SessionAsync(await hub.PersonAsync());
        using var tool = await hub.AsAsync("tool");
        var id = (Guid)(await tool.PostAsync($"/sessions/{session.Id}/end")).Json["revocation"]!;

        var listed = (await tool.GetAsync($"/revocations?person={session.UserId}&reason=session_revoked_by_administrator&initiator=client:tool")).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(id, (Guid)Assert.Single(listed)!["id"]!);
        Assert.Empty((await tool.GetAsync($"/revocations?person={session.UserId}&unconfirmed=true")).Json["items"]!.AsArray());
        Assert.Equal(1, (int)(await tool.GetAsync($"/revocations/{id}")).Is(HttpStatusCode.OK).Json["revocation"]!["sessions"]!);
        (await tool.GetAsync($"/revocations/{Guid.CreateVersion7()}")).Is(HttpStatusCode.NotFound);
        Assert.Equal(["reason"], (await tool.GetAsync("/revocations?reason=because")).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(["all"], (await tool.PostAsync("/revocations/redrive", "{}")).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(0, (int)(await tool.PostAsync("/revocations/redrive", new { clientId = "notes" })).Is(HttpStatusCode.OK).Json["deliveries"]!);
    }

    [Fact]
    public async Task Revocations_are_exported_and_the_export_is_in_the_audit()
    {
        var session = await hub.SessionAsync(await hub.PersonAsync());
        using var tool = await hub.AsAsync("tool");
        var id = (Guid)(await tool.PostAsync($"/sessions/{session.Id}/end")).Json["revocation"]!;

        var lines = (await tool.GetAsync($"/revocations/export?person={session.UserId}")).Is(HttpStatusCode.OK);
        Assert.Equal(("application/jsonl", id), (lines.ContentType, (Guid)JsonNode.Parse(Assert.Single(lines.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)))!["id"]!));
        var cells = (await tool.GetAsync($"/revocations/export?person={session.UserId}&format=csv")).Is(HttpStatusCode.OK);
        Assert.Equal(("text/csv", RevocationExport.Header), (cells.ContentType, cells.Text.Split("\r\n")[0]));
        Assert.Equal(["format"], (await tool.GetAsync("/revocations/export?format=xls")).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(["reason"], (await tool.GetAsync("/revocations/export?reason=because")).Is(HttpStatusCode.BadRequest).Members);

        var exports = await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.Action == "revocations_exported" && e.Actor == "client:tool" && e.Details!.Contains(session.UserId.ToString())).Select(e => e.Details!).ToListAsync());
        Assert.Equal(["csv", "jsonl"], exports.Select(e => (string)JsonNode.Parse(e)!["format"]!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Who_was_invited_is_listed_without_the_link_and_withdrawn()
    {
        using var tool = await hub.AsAsync("tool");
        var email = $"{Guid.CreateVersion7():N}@example.com";
        var link = (string)(await tool.PostAsync("/administrators/invitations", new { email, role = "viewer" })).Is(HttpStatusCode.Created).Json["link"]!;

        var listed = (await tool.GetAsync("/administrators/invitations?limit=200")).Is(HttpStatusCode.OK);
        var invitation = Assert.Single(listed.Json["items"]!.AsArray(), i => (string)i!["email"]! == email)!;
        Assert.DoesNotContain(link.Split("link=")[1], listed.Text, StringComparison.Ordinal);
        Assert.Equal("client:tool", (string)invitation["initiator"]!);

        (await tool.SendAsync(HttpMethod.Delete, $"/administrators/invitations/{invitation["id"]}")).Is(HttpStatusCode.NoContent);
        (await tool.SendAsync(HttpMethod.Delete, $"/administrators/invitations/{invitation["id"]}")).Is(HttpStatusCode.NotFound);
        using var browser = hub.Visitor();
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(new Uri(link).PathAndQuery)).Status);
    }

    [Fact]
    public async Task Keys_are_listed_and_rotated_and_never_shown()
    {
        using var tool = await hub.AsAsync("tool");

        var before = (await tool.GetAsync("/keys")).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        var made = (await tool.PostAsync("/keys/rotate")).Is(HttpStatusCode.OK).Json["made"]!.AsArray();
        var after = (await tool.GetAsync("/keys")).Is(HttpStatusCode.OK);

        Assert.Equal(before.Count + made.Count, after.Json["items"]!.AsArray().Count);
        Assert.All(made, key => Assert.Contains(after.Json["items"]!.AsArray(), k => (string)k!["id"]! == (string)key! && (string)k!["state"]! == "next"));
        Assert.DoesNotContain("sealed", after.Text, StringComparison.OrdinalIgnoreCase);
    }
}
