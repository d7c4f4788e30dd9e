using System.Buffers.Text;
using System.Text.Json.Nodes;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>A successful answer of the token endpoint (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).</summary>
internal sealed record Tokens(string AccessToken, string? RefreshToken, string? IdToken)
{
    /// <summary>The ID token's claims, not verified.</summary>
    public JsonObject IdTokenClaims =>
        JsonNode.Parse(Base64Url.DecodeFromChars((IdToken ?? throw new InvalidOperationException("No ID token came with these tokens.")).Split('.')[1]))!.AsObject();

    public string Sid => (string?)IdTokenClaims["sid"] ?? throw new InvalidOperationException("The ID token has no sid.");

    public string Sub => (string?)IdTokenClaims["sub"] ?? throw new InvalidOperationException("The ID token has no sub.");
}
