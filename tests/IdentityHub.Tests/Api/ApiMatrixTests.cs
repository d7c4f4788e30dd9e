using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IdentityHub.Access;
using IdentityHub.Tests.Admin;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>
/// Every endpoint of the API that the running hub has, whoever added it, against every scope, every role and none (attack
/// case 38; ASVS 8.2.1). What it answers is what its description says that it may.
/// </summary>
public sealed class ApiMatrixTests(ApiMatrixTests.Hub hub) : IClassFixture<ApiMatrixTests.Hub>
{
    private JsonNode? _description;

    [Fact]
    public async Task A_programs_token_opens_what_its_scope_is_for_and_nothing_else()
    {
        foreach (var scope in Enum.GetValues<Capability>())
        {
            using var program = await hub.AsAsync("tool", scope.Scope());
            await EachAsync(program, $"a program with {scope.Scope()}", needed => needed == scope);
        }
    }

    [Theory]
    [InlineData(null), InlineData(AdminRole.Viewer), InlineData(AdminRole.Operator), InlineData(AdminRole.Administrator)]
    public async Task A_persons_token_with_every_scope_opens_what_the_role_has(AdminRole? role)
    {
        using var person = await AdminVisitor.SignInAsync(hub, role);
        await person.ProveAsync();
        using var api = await hub.AsAsync(person.Browser);

        await EachAsync(api, role?.Name() ?? "a person", needed => role?.Has(needed) is true);
    }

    [Fact]
    public async Task The_role_of_a_person_opens_nothing_that_the_token_has_no_scope_for()
    {
        using var person = await AdminVisitor.SignInAsync(hub, AdminRole.Administrator);
        await person.ProveAsync();
        foreach (var missing in Enum.GetValues<Capability>())
        {
            using var api = await hub.AsAsync(person.Browser, string.Join(' ', Enum.GetValues<Capability>().Where(c => c != missing).Select(c => c.Scope())));
            foreach (var endpoint in Endpoints().Where(e => e.Needed == missing))
            {
                var answer = await AskAsync(api, endpoint);
                Assert.True(answer.Status is HttpStatusCode.Forbidden, $"{endpoint}: {(int)answer.Status}");
                Assert.Contains($"scope=\"{missing.Scope()}\"", answer.Challenge, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Without_a_token_there_is_nothing() => await Assert.AllAsync(Endpoints(), async endpoint =>
    {
        using var nobody = hub.AsNobody();
        Assert.Equal("Bearer realm=\"hub\"", (await AskAsync(nobody, endpoint)).Is(HttpStatusCode.Unauthorized).Challenge);
    });

    private async Task EachAsync(ApiTester api, string who, Func<Capability, bool> may)
    {
        Assert.True(Endpoints().Count > 30);
        List<string> wrong = [];
        foreach (var endpoint in Endpoints())
        {
            var answer = await AskAsync(api, endpoint);
            // What is behind the guard judges what it is asked for: here nothing, about what does not exist.
            var passed = answer.Status is HttpStatusCode.OK or HttpStatusCode.NoContent or HttpStatusCode.Accepted or HttpStatusCode.Created or HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.Conflict;
            if (passed != may(endpoint.Needed) || (!passed && answer.Status is not HttpStatusCode.Forbidden))
            {
                wrong.Add($"{who} {endpoint}: {(int)answer.Status}");
            }

            if (!await IsDescribedAsync(endpoint, answer.Status))
            {
                wrong.Add($"{endpoint} answers {(int)answer.Status}, which is not described");
            }
        }

        Assert.Equal([], wrong);
    }

    private async Task<bool> IsDescribedAsync(Address endpoint, HttpStatusCode status)
    {
        using var nobody = hub.AsNobody();
        _description ??= (await nobody.GetAsync("/openapi.json")).Is(HttpStatusCode.OK).Json;
        return _description["paths"]![endpoint.Path.Replace(":guid", "", StringComparison.Ordinal).TrimEnd('/')]![endpoint.Method.ToLowerInvariant()]!["responses"]!.AsObject().ContainsKey($"{(int)status}");
    }

    private static Task<ApiAnswer> AskAsync(ApiTester api, Address endpoint) => api.SendAsync(
        new HttpMethod(endpoint.Method), Regex.Replace(endpoint.Path, @"\{[^}]+\}", "01a00000-0000-7000-8000-000000000000").Replace("/api/v1", "", StringComparison.Ordinal), endpoint.Method is "GET" or "DELETE" ? null : "{}");

    private IReadOnlyList<Address> Endpoints() =>
    [
        .. hub.Endpoints().OfType<RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<NeedsCapability>() is not null && !e.RoutePattern.RawText!.StartsWith("/admin", StringComparison.Ordinal))
            .Select(e => new Address(e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single(), e.RoutePattern.RawText!, e.Metadata.GetRequiredMetadata<NeedsCapability>().Capability))
            .OrderBy(e => e.Path, StringComparer.Ordinal).ThenBy(e => e.Method, StringComparer.Ordinal),
    ];

    private sealed record Address(string Method, string Path, Capability Needed)
    {
        public override string ToString() => $"{Method} {Path}";
    }

    public sealed class Hub : ApiHub
    {
        protected override async Task<string[]> SettingsAsync() => [.. await base.SettingsAsync(), "--Api:RequestsPerMinute=100000", "--Api:LookUpsPerMinute=10000"];
    }
}
