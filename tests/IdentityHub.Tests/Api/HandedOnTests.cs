using System.Net;
using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Admin;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>A program that registers others gives them nothing that it does not have, and what is taken from it is gone at once (attack case 38).</summary>
public sealed class HandedOnTests(ApiHub hub) : IClassFixture<ApiHub>
{
    private static readonly string[] NoAddresses = [];

    [Fact]
    public async Task A_scope_of_the_administration_is_handed_on_only_by_who_has_it()
    {
        using var registrar = await hub.AsAsync("registrar");
        using var tool = await hub.AsAsync("tool");

        (await registrar.SendAsync(HttpMethod.Put, "/relying-parties/mine", Machine("hub.relying_parties.manage"))).Is(HttpStatusCode.OK);
        var refused = (await registrar.SendAsync(HttpMethod.Put, "/relying-parties/more", Machine("hub.administrators.manage"))).Is(HttpStatusCode.Forbidden);
        Assert.Equal(["scopes"], refused.Members);
        Assert.False(await hub.DataAsync(db => db.Set<RelyingParty>().AnyAsync(r => r.ClientId == "more")));

        (await tool.SendAsync(HttpMethod.Put, "/relying-parties/more", Machine("hub.administrators.manage"))).Is(HttpStatusCode.OK);
        (await registrar.SendAsync(HttpMethod.Put, "/relying-parties/more", Machine())).Is(HttpStatusCode.Forbidden);
        (await registrar.PostAsync("/relying-parties/more/rotate-secret", new { })).Is(HttpStatusCode.Forbidden);
        (await tool.PostAsync("/relying-parties/more/rotate-secret", new { })).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_disabled_program_is_refused_at_once()
    {
        using var tool = await hub.AsAsync("tool");
        using var reader = await hub.AsAsync("reader");
        (await reader.GetAsync("/people")).Is(HttpStatusCode.OK);

        (await tool.PostAsync("/relying-parties/reader/disable")).Is(HttpStatusCode.OK);

        (await reader.GetAsync("/people")).Is(HttpStatusCode.Unauthorized);
        (await tool.PostAsync("/relying-parties/reader/enable")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refusal_calls_members_as_the_API_does()
    {
        using var tool = await hub.AsAsync("tool");

        var answer = (await tool.SendAsync(HttpMethod.Put, "/relying-parties/bad", new
        {
            redirectUris = NoAddresses, grantTypes = new[] { "client_credentials" }, confidential = false, giveUpAfterSeconds = 1, defaultMaxAgeSeconds = -1,
        })).Is(HttpStatusCode.BadRequest);

        Assert.Equal(["confidential", "defaultMaxAgeSeconds", "giveUpAfterSeconds"], answer.Members.Order());
        Assert.All(answer.Json["errors"]!.AsObject(), error => Assert.StartsWith(error.Key, (string)error.Value![0]!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_a_program_is_says_nothing_about_the_person_it_asks_for()
    {
        using var admin = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        var session = await hub.SessionAsync(await hub.PersonAsync());
        using var console = await hub.AsAsync(admin.Browser);

        (await console.PostAsync($"/sessions/{session.Id}/end")).Is(HttpStatusCode.OK);

        var entry = await hub.DataAsync(db => db.Set<AuditEntry>().SingleAsync(e => e.SessionId == session.Id && e.Actor == $"admin:{admin.Person.Id}"));
        Assert.Equal((null, null), (entry.IpAddress, entry.UserAgent));
    }

    [Theory]
    [InlineData("/end-many")]
    [InlineData("/revocations/redrive")]
    [InlineData("/sessions/01a00000-0000-7000-8000-000000000000/end")]
    public async Task A_body_that_is_too_large_is_refused_with_a_key_as_well(string path)
    {
        using var tool = await hub.AsAsync("tool");

        Assert.Equal(["body"], (await tool.PostAsync(path, $$"""{"confirm":"{{new string('x', 70_000)}}"}""", key: "case-1")).Is(HttpStatusCode.RequestEntityTooLarge).Members);
    }

    [Fact]
    public async Task Control_characters_are_refused_by_member()
    {
        using var tool = await hub.AsAsync("tool");

        (await tool.GetAsync("/audit?actor=%00")).Is(HttpStatusCode.BadRequest);
        Assert.Equal(["sub_id"], (await tool.PostAsync("/global-token-revocation", """{"sub_id":{"format":"email","email":"a\u0000@example.com"}}""")).Is(HttpStatusCode.BadRequest).Members);
    }

    private static object Machine(params string[] scopes) => new { redirectUris = NoAddresses, grantTypes = new[] { "client_credentials" }, scopes };
}
