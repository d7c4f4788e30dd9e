using IdentityHub.EndToEnd.Attacks;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary>What the hub says about itself, as the OpenID Foundation's "Config OP" plan reads it (RFC 8414, Discovery 1.0).</summary>
[Collection(nameof(AttackedHub))]
public sealed class MetadataTests(AttackedHub hub)
{
    private static readonly string[] Private = ["d", "p", "q", "dp", "dq", "qi", "k"];

    [Fact]
    public async Task The_metadata_are_complete_and_true()
    {
        var reply = await hub.Stranger().GetAsync("/.well-known/openid-configuration");
        var metadata = reply.Json;

        Assert.Equal((200, "application/json"), (reply.Status, reply.ContentType));
        Assert.Equal(hub.Hub.Settings.ToEnvironment()["Hub__Issuer"], (string?)metadata["issuer"]);
        Assert.Equal(["code"], List("response_types_supported"));
        Assert.Equal(["public"], List("subject_types_supported"));
        Assert.Contains("RS256", List("id_token_signing_alg_values_supported"));
        Assert.Subset(List("scopes_supported").ToHashSet(), new HashSet<string> { "openid", "profile", "email", "offline_access" });
        Assert.Equal(["S256"], List("code_challenge_methods_supported"));
        Assert.Equal(["authorization_code", "client_credentials", "refresh_token"], List("grant_types_supported").Order(StringComparer.Ordinal));
        Assert.Subset(List("claims_supported").ToHashSet(), new HashSet<string> { "sub", "sid", "auth_time", "amr", "name", "email", "email_verified" });
        // RFC 8414 §2: what is named here must work, and private_key_jwt would need its algorithms named as well.
        Assert.Equal(["client_secret_basic", "client_secret_post", "none"], List("token_endpoint_auth_methods_supported").Order(StringComparer.Ordinal));
        Assert.DoesNotContain("none", List("introspection_endpoint_auth_methods_supported"));
        Assert.All(metadata.Where(member => member.Key.EndsWith("_endpoint", StringComparison.Ordinal) || member.Key == "jwks_uri"),
            member => Assert.StartsWith(hub.Address.AbsoluteUri, (string?)member.Value, StringComparison.Ordinal));
        Assert.DoesNotContain(metadata, member => member.Value is System.Text.Json.Nodes.JsonArray { Count: 0 });
        Assert.Equal(reply.Body, (await hub.Stranger().GetAsync("/.well-known/oauth-authorization-server")).Body);

        string[] List(string name) => [.. metadata[name]!.AsArray().Select(value => (string)value!)];
    }

    [Fact]
    public async Task The_keys_are_public_and_each_has_a_name_of_its_own()
    {
        var keys = (await hub.Stranger().GetAsync("/jwks")).Json["keys"]!.AsArray().Select(key => key!.AsObject()).ToList();

        Assert.Equal(keys.Count, keys.Select(key => (string)key["kid"]!).Distinct().Count());
        Assert.All(keys, key => Assert.Equal("sig", (string?)key["use"]));
        Assert.DoesNotContain(keys, key => Private.Any(key.ContainsKey));
        Assert.Equal(["ES256", "RS256"], keys.Select(key => (string)key["alg"]!).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/jwks")]
    public async Task What_is_for_everybody_may_be_kept_for_minutes_and_read_by_any_script(string path)
    {
        var reply = await hub.Stranger().GetAsync(path, ("Origin", "https://app.example.com"));

        Assert.Equal("public, max-age=300", reply.Header("Cache-Control"));
        Assert.Equal("*", reply.Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("/authorize")]
    [InlineData("/token")]
    [InlineData("/userinfo")]
    [InlineData("/introspect")]
    [InlineData("/revoke")]
    [InlineData("/end-session")]
    [InlineData("/sign-in")]
    [InlineData("/")]
    public async Task Everything_else_is_neither_kept_nor_shared(string path)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Options })
        {
            var reply = await hub.Stranger().SendAsync(
                new HttpRequestMessage(method, new Uri(hub.Address, path)) { Content = method == HttpMethod.Post ? new FormUrlEncodedContent([]) : null },
                ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"));

            Assert.Contains("no-store", reply.Header("Cache-Control"), StringComparison.Ordinal);
            Assert.DoesNotContain(reply.Headers, header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        }
    }
}
