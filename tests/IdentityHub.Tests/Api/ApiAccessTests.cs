using System.Net;
using IdentityHub.Access;
using IdentityHub.Tests.Admin;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>Who may use the API, and what is said to who may not (RFC 6750, RFC 9470; attack case 38).</summary>
public sealed class ApiAccessTests(ApiHub hub) : IClassFixture<ApiHub>
{
    [Fact]
    public async Task Without_a_token_the_challenge_names_no_error()
    {
        using var nobody = hub.AsNobody();

        var answer = (await nobody.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized);

        Assert.Equal("Bearer realm=\"hub\"", answer.Challenge);
        Assert.Equal("application/problem+json", answer.ContentType);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.DoesNotContain("Access-Control-Allow-Origin", answer.Headers.Keys);
    }

    [Theory]
    [InlineData("nonsense"), InlineData("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.")]
    public async Task A_token_that_is_none_of_ours_is_invalid(string token)
    {
        using var forger = new ApiTester(hub, token);

        Assert.Contains("error=\"invalid_token\"", (await forger.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scope_opens_its_capability_and_no_other()
    {
        using var reader = await hub.AsAsync("reader");

        (await reader.GetAsync("/sessions")).Is(HttpStatusCode.OK);
        var answer = (await reader.PostAsync($"/sessions/{Guid.CreateVersion7()}/end")).Is(HttpStatusCode.Forbidden);

        Assert.Contains("error=\"insufficient_scope\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Contains("scope=\"hub.sessions.end\"", answer.Challenge, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)]
    [InlineData(AdminRole.Viewer, HttpStatusCode.OK, HttpStatusCode.Forbidden)]
    [InlineData(AdminRole.Operator, HttpStatusCode.OK, HttpStatusCode.NotFound)]
    [InlineData(AdminRole.Administrator, HttpStatusCode.OK, HttpStatusCode.NotFound)]
    public async Task A_persons_token_does_what_the_role_allows(AdminRole? role, HttpStatusCode read, HttpStatusCode end)
    {
        using var person = await AdminVisitor.SignInAsync(hub, role);
        await person.ProveAsync();
        using var api = await hub.AsAsync(person.Browser);

        (await api.GetAsync("/sessions")).Is(read);
        (await api.PostAsync($"/sessions/{Guid.CreateVersion7()}/end")).Is(end);
    }

    [Fact]
    public async Task Without_a_second_factor_the_person_has_to_sign_in_with_one()
    {
        var person = await hub.PersonAsync();
        await AdminVisitor.SetRoleAsync(hub, person, AdminRole.Administrator);
        using var browser = hub.Visitor();
        await browser.SignInAsync(person);
        using var api = await hub.AsAsync(browser);

        var answer = (await api.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized);

        Assert.Contains("error=\"insufficient_user_authentication\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Contains("acr_values=\"http://idmanagement.gov/ns/assurance/aal/2\"", answer.Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_something_needs_a_recent_proof_in_the_token_itself()
    {
        using var person = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        await person.ProveAsync();
        hub.Clock.Move(TimeSpan.FromMinutes(4));
        using var api = await hub.AsAsync(person.Browser);
        hub.Clock.Move(TimeSpan.FromMinutes(2));

        (await api.GetAsync("/sessions")).Is(HttpStatusCode.OK);
        var answer = (await api.PostAsync($"/sessions/{Guid.CreateVersion7()}/end")).Is(HttpStatusCode.Unauthorized);
        Assert.Contains("error=\"insufficient_user_authentication\"", answer.Challenge, StringComparison.Ordinal);
        Assert.Contains("max_age=\"300\"", answer.Challenge, StringComparison.Ordinal);

        // A proof elsewhere makes no old token a fresh one.
        await person.ProveAsync();
        (await api.PostAsync($"/sessions/{Guid.CreateVersion7()}/end")).Is(HttpStatusCode.Unauthorized);
        using var renewed = await hub.AsAsync(person.Browser);
        (await renewed.PostAsync($"/sessions/{Guid.CreateVersion7()}/end")).Is(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_token_dies_with_the_session_and_with_the_role()
    {
        using var person = await AdminVisitor.SignInAsync(hub, AdminRole.Viewer);
        await person.ProveAsync();
        using var api = await hub.AsAsync(person.Browser);
        (await api.GetAsync("/sessions")).Is(HttpStatusCode.OK);

        await AdminVisitor.SetRoleAsync(hub, person.Person, null);
        (await api.GetAsync("/sessions")).Is(HttpStatusCode.Forbidden);

        await AdminVisitor.SetRoleAsync(hub, person.Person, AdminRole.Viewer);
        using var tool = await hub.AsAsync("tool");
        (await tool.PostAsync("/global-token-revocation", new { sub_id = new { format = "opaque", id = person.Person.Id.ToString() } })).Is(HttpStatusCode.NoContent);
        Assert.Contains("error=\"invalid_token\"", (await api.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized).Challenge, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_outlives_its_session_administers_nothing()
    {
        using var person = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        await person.ProveAsync();
        using var api = await hub.AsAsync(person.Browser, $"offline_access {ApiHub.EveryScope}");

        (await api.GetAsync("/sessions")).Is(HttpStatusCode.Unauthorized);
    }
}
