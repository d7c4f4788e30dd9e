using System.Text.Json;
using System.Text.Json.Nodes;
using IdentityHub.Tests.Testing;

namespace IdentityHub.EndToEnd;

/// <summary>Asks npm <c>jose</c> (tests/node/verify.mjs) whether a token of the hub is what it claims to be, by the keys the hub publishes.</summary>
internal static class IndependentVerifier
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "node");

    public static Task<JsonObject> IdTokenAsync(string token, Uri issuer, string audience) => AskAsync(token, issuer, audience, "id_token");

    public static Task<JsonObject> LogoutTokenAsync(string token, Uri issuer, string audience) => AskAsync(token, issuer, audience, "logout_token");

    /// <returns><c>{valid, header, claims}</c> or <c>{valid, reason}</c>.</returns>
    private static async Task<JsonObject> AskAsync(string token, Uri issuer, string audience, string kind)
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules", "jose")))
        {
            throw new DirectoryNotFoundException($"npm's jose is not installed: run 'npm ci' in {Folder} (infra/test does).");
        }

        var question = new { token, issuer = issuer.AbsoluteUri.TrimEnd('/'), audience, kind };
        var answer = await ChildProcess.RunAsync(new Launch(Installed.Require("node", "nodejs"), "verify.mjs")
        {
            Name = "verify",
            WorkingFolder = Folder,
            Input = JsonSerializer.Serialize(question),
        });
        return JsonNode.Parse(answer)!.AsObject();
    }
}
