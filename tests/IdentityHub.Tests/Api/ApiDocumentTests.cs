using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityHub.Access;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Routing;
using Xunit;

namespace IdentityHub.Tests.Api;

/// <summary>The description that clients are generated from: published by the hub, and the same as <c>docs/openapi.json</c>.</summary>
public sealed class ApiDocumentTests(ApiHub hub) : IClassFixture<ApiHub>
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n", Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Fact]
    public async Task The_published_description_is_the_one_in_the_documents()
    {
        var file = Path.Combine(Repository.Root, "docs", "openapi.json");
        var published = (await DocumentAsync()).ToJsonString(Indented) + "\n";
        if (Environment.GetEnvironmentVariable("IDENTITYHUB_WRITE_OPENAPI") == "1")
        {
            await File.WriteAllTextAsync(file, published, TestContext.Current.CancellationToken);
        }

        Assert.True(
            published == await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken),
            "The API has changed. Look at whether a client that exists still works, and write docs/openapi.json anew: run this test with IDENTITYHUB_WRITE_OPENAPI=1.");
    }

    [Fact]
    public async Task It_has_every_endpoint_with_its_scope()
    {
        var paths = (await DocumentAsync())["paths"]!.AsObject();
        var served = hub.Endpoints().OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<NeedsCapability>() is not null && e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(served);
        Assert.All(served, endpoint =>
        {
            var path = endpoint.RoutePattern.RawText!.Replace(":guid", "", StringComparison.Ordinal).TrimEnd('/');
            var method = endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Single().ToLowerInvariant();
            var operation = paths[path]?[method] ?? throw new InvalidOperationException($"{method} {path} is not described.");
            Assert.Equal(endpoint.Metadata.GetRequiredMetadata<NeedsCapability>().Capability.Scope(), (string)operation["security"]![0]!["oauth2"]![0]!);
            Assert.False(string.IsNullOrEmpty((string?)operation["summary"]), $"{method} {path} has no summary.");
        });
        Assert.NotNull(paths["/global-token-revocation"]?["post"]);
    }

    [Fact]
    public async Task It_has_every_problem_that_may_be_answered()
    {
        var paths = (await DocumentAsync())["paths"]!.AsObject();
        List<string> wrong = [];
        foreach (var (path, methods) in paths)
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var responses = operation!["responses"]!.AsObject();
                List<string> needed = ["400", "401", "403", "429"];
                // Registering is how an application comes to exist.
                needed.AddRange(path.Contains('{', StringComparison.Ordinal) && (string)operation["operationId"]! != "putRelyingParty" ? ["404"] : []);
                needed.AddRange(operation["requestBody"] is not null ? ["413", "415"] : []);
                needed.AddRange(operation["parameters"]?.AsArray().Any(p => (string)p!["name"]! == "Idempotency-Key") is true ? ["409", "413", "422"] : []);
                wrong.AddRange(needed.Where(status => responses[status]?["content"]?["application/problem+json"]?["schema"] is null).Select(status => $"{method} {path} {status}"));
            }
        }

        Assert.Equal([], wrong);
    }

    [Fact]
    public async Task It_is_OpenAPI_3_1_with_all_scopes()
    {
        var document = await DocumentAsync();

        Assert.StartsWith("3.1.", (string)document["openapi"]!, StringComparison.Ordinal);
        Assert.Equal(
            Enum.GetValues<Capability>().Select(c => c.Scope()).Order(StringComparer.Ordinal),
            document["components"]!["securitySchemes"]!["oauth2"]!["flows"]!["clientCredentials"]!["scopes"]!.AsObject().Select(s => s.Key).Order(StringComparer.Ordinal));
    }

    private async Task<JsonNode> DocumentAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = hub.Address };
        return JsonNode.Parse(await http.GetStringAsync("/api/v1/openapi.json", TestContext.Current.CancellationToken))!;
    }
}
