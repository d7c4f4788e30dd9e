using System.Net;
using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Sessions;
using IdentityHub.Tests.Admin;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>What is known of people and done to them, by program (attack case 38: also by those who may not).</summary>
public sealed class PeopleApiTests(ApiHub hub) : IClassFixture<ApiHub>
{
    [Fact]
    public async Task A_person_is_found_shown_and_what_would_end_is_said()
    {
        var ada = await hub.PersonAsync("Ada Findable");
        await hub.SessionAsync(ada);
        using var reader = await hub.AsAsync("reader");

        var found = (await reader.GetAsync("/people?search=findab")).Is(HttpStatusCode.OK).Json["items"]!.AsArray();
        Assert.Equal(ada.Id, (Guid)Assert.Single(found)!["id"]!);
        var shown = (await reader.GetAsync($"/people/{ada.Id}")).Is(HttpStatusCode.OK).Json;
        Assert.Equal((ada.Email, true), ((string)shown["email"]!, (bool)shown["password"]!));
        Assert.Equal(1, (int)(await reader.GetAsync($"/people/{ada.Id}/would-end")).Is(HttpStatusCode.OK).Json["sessions"]!);
        Assert.Empty((await reader.GetAsync($"/people/{ada.Id}/applications")).Is(HttpStatusCode.OK).Json["items"]!.AsArray());
        (await reader.GetAsync($"/people/{ada.Id}/activity")).Is(HttpStatusCode.OK);
        foreach (var path in new[] { "", "/applications", "/would-end" })
        {
            (await reader.GetAsync($"/people/{Guid.CreateVersion7()}{path}")).Is(HttpStatusCode.NotFound);
        }

        Assert.Equal(["search"], (await reader.GetAsync($"/people?search={new string('a', 201)}")).Is(HttpStatusCode.BadRequest).Members);
        Assert.Equal(["cursor"], (await reader.GetAsync("/people?cursor=AAAA")).Is(HttpStatusCode.BadRequest).Members);
    }

    [Theory]
    [InlineData("end-all", "person_revoked", "revoked_by_administrator")]
    [InlineData("disable", "person_disabled", "account_disabled")]
    [InlineData("require-new-password", "new_password_required", "new_password_required")]
    [InlineData("", "account_closed", "account_closed")]
    public async Task An_act_ends_everything_under_the_name_of_who_asked(string act, string action, string reason)
    {
        var ada = await hub.PersonAsync();
        await hub.SessionAsync(ada);
        await hub.SessionAsync(ada);
        using var tool = await hub.AsAsync("tool");
        var (method, path) = act.Length == 0 ? (HttpMethod.Delete, $"/people/{ada.Id}") : (HttpMethod.Post, $"/people/{ada.Id}/{act}");

        var ended = (await tool.SendAsync(method, path)).Is(HttpStatusCode.OK).Json;

        Assert.Equal(2, (int)ended["sessions"]!);
        Assert.False(await hub.DataAsync(db => db.Set<UserSession>().AnyAsync(s => s.UserId == ada.Id && s.EndedAt == null)));
        var entries = await hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == ada.Id && e.Actor == "client:tool").ToListAsync());
        Assert.Contains(entries, e => e.Action == action);
        Assert.Equal(2, entries.Count(e => e.Action == "session_ended" && e.Details!.Contains(reason, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_cannot_be_done_says_why_and_does_nothing()
    {
        var ada = await hub.PersonAsync();
        using var tool = await hub.AsAsync("tool");

        (await tool.PostAsync($"/people/{ada.Id}/enable")).Is(HttpStatusCode.Conflict);
        (await tool.PostAsync($"/people/{ada.Id}/disable")).Is(HttpStatusCode.OK);
        (await tool.PostAsync($"/people/{ada.Id}/disable")).Is(HttpStatusCode.Conflict);
        (await tool.PostAsync($"/people/{ada.Id}/require-new-password")).Is(HttpStatusCode.Conflict);
        (await tool.PostAsync($"/people/{ada.Id}/enable")).Is(HttpStatusCode.OK);
        (await tool.SendAsync(HttpMethod.Delete, $"/people/{ada.Id}")).Is(HttpStatusCode.OK);
        (await tool.SendAsync(HttpMethod.Delete, $"/people/{ada.Id}")).Is(HttpStatusCode.Conflict);
        (await tool.PostAsync($"/people/{Guid.CreateVersion7()}/end-all")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_operator_ends_sessions_and_manages_nobody()
    {
        var ada = await hub.PersonAsync();
        using var visitor = await AdminVisitor.SignInAsync(hub, AdminRole.Operator);
        await visitor.ProveAsync();
        using var api = await hub.AsAsync(visitor.Browser);

        foreach (var act in new[] { "disable", "enable", "require-new-password" })
        {
            (await api.PostAsync($"/people/{ada.Id}/{act}")).Is(HttpStatusCode.Forbidden);
        }

        (await api.SendAsync(HttpMethod.Delete, $"/people/{ada.Id}")).Is(HttpStatusCode.Forbidden);
        (await api.GetAsync("/administrators")).Is(HttpStatusCode.Forbidden);
        Assert.False(await hub.DataAsync(db => db.Set<User>().AnyAsync(u => u.Id == ada.Id && u.DisabledAt != null)));
        (await api.PostAsync($"/people/{ada.Id}/end-all")).Is(HttpStatusCode.OK);
        Assert.True(await hub.DataAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.UserId == ada.Id && e.Action == "person_revoked" && e.Actor == $"admin:{visitor.Person.Id}")));
    }
}
