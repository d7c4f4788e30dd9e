using System.Net;
using IdentityHub.Audit;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>A security tool names a person (draft-parecki-oauth-global-token-revocation-05).</summary>
public sealed class GlobalTokenRevocationTests(ApiHub hub) : IClassFixture<ApiHub>
{
    private const string Path = "/global-token-revocation";

    [Theory]
    [InlineData("email", "sub_id"), InlineData("opaque", "sub_id"), InlineData("iss_sub", "sub_id"), InlineData("email", "subject")]
    public async Task Everything_of_the_person_ends_by_whatever_name(string format, string member)
    {
        var ada = await hub.PersonAsync();
        await hub.SessionAsync(ada);
        await hub.SessionAsync(ada);
        using var tool = await hub.AsAsync("tool");
        object name = format switch
        {
            "email" => new { format, email = ada.Email!.ToUpperInvariant() },
            "opaque" => new { format, id = ada.Id.ToString() },
            _ => new { format, iss = "http://127.0.0.1", sub = ada.Id.ToString() },
        };

        var answer = (await tool.PostAsync(Path, new Dictionary<string, object> { [member] = name })).Is(HttpStatusCode.NoContent);
        (await tool.PostAsync(Path, new Dictionary<string, object> { [member] = name })).Is(HttpStatusCode.NoContent);

        Assert.Equal("", answer.Text);
        Assert.False(await hub.DataAsync(db => db.Set<UserSession>().AnyAsync(s => s.UserId == ada.Id && s.EndedAt == null)));
        Assert.Equal(RevocationReason.RevokedByAdministrator, await hub.DataAsync(db => db.Set<RevocationRecord>().Where(r => r.UserId == ada.Id && r.Sessions == 2).Select(r => r.Reason).SingleAsync()));
        Assert.True(await hub.DataAsync(db => db.Set<AuditEntry>().AnyAsync(e => e.UserId == ada.Id && e.Action == "person_revoked" && e.Actor == "client:tool")));
    }

    [Fact]
    public async Task Nobody_by_that_name_is_404_and_in_the_audit()
    {
        using var tool = await hub.AsAsync("tool");

        foreach (var name in new object[]
        {
            new { format = "email", email = "nobody@example.com" }, new { format = "opaque", id = "nobody" }, new { format = "opaque", id = Guid.CreateVersion7() },
            new { format = "iss_sub", iss = "https://other.example.com", sub = Guid.CreateVersion7() },
        })
        {
            (await tool.PostAsync(Path, new { sub_id = name })).Is(HttpStatusCode.NotFound);
        }

        Assert.Equal(4, await hub.DataAsync(db => db.Set<AuditEntry>().CountAsync(e => e.Action == "global_token_revocation_unknown" && e.Actor == "client:tool")));
    }

    [Theory]
    [InlineData("{}", "sub_id"), InlineData("""{"sub_id":null}""", "sub_id"), InlineData("""{"sub_id":{"format":"phone_number","phone_number":"1"}}""", "sub_id.phone_number")]
    [InlineData("""{"sub_id":{"format":"account"}}""", "sub_id.format"), InlineData("""{"sub_id":{"format":"email"}}""", "sub_id.email"), InlineData("""{"sub_id":"ada"}""", "sub_id")]
    [InlineData("""{"sub_id":{"format":"iss_sub","iss":"x"}}""", "sub_id.sub"), InlineData("""{"sub_id":{"format":"email","email":"a@b.c"},"all":true}""", "all")]
    [InlineData("""{"sub_id":{"email":"a@b.c"}}""", "sub_id.format")]
    public async Task A_name_that_is_none_is_refused_by_member(string body, string member)
    {
        using var tool = await hub.AsAsync("tool");

        Assert.Equal([member], (await tool.PostAsync(Path, body)).Is(HttpStatusCode.BadRequest).Members);
    }

    [Fact]
    public async Task It_takes_the_scope_and_nothing_less()
    {
        using var nobody = hub.AsNobody();
        using var reader = await hub.AsAsync("reader");

        (await nobody.PostAsync(Path, new { sub_id = new { format = "email", email = "a@b.c" } })).Is(HttpStatusCode.Unauthorized);
        (await reader.PostAsync(Path, new { sub_id = new { format = "email", email = "a@b.c" } })).Is(HttpStatusCode.Forbidden);
    }
}
