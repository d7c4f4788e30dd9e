using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Tokens that look like the hub's and are not.</summary>
internal static class Forged
{
    private static readonly RSA Foreign = RSA.Create(2048);

    public static JsonObject Part(string token, int index) => JsonNode.Parse(Base64Url.DecodeFromChars(token.Split('.')[index]))!.AsObject();

    /// <summary>The same claims under <c>alg: none</c>, without a signature.</summary>
    public static string Unsigned(string token) => $"{Encode(With(Part(token, 0), "alg", "none"))}.{token.Split('.')[1]}.";

    /// <summary>Other claims under the signature of the real ones.</summary>
    public static string Tampered(string token, string claim, string value)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{Encode(With(Part(token, 1), claim, value))}.{parts[2]}";
    }

    /// <summary>Signed by a key of the attacker's, which says it is the hub's.</summary>
    public static string ByForeignKey(string token, Action<JsonObject>? header = null, Action<JsonObject>? claims = null)
    {
        var (head, body) = (Part(token, 0), Part(token, 1));
        head["alg"] = "RS256";
        header?.Invoke(head);
        claims?.Invoke(body);
        var signed = $"{Encode(head)}.{Encode(body)}";
        return $"{signed}.{Base64Url.EncodeToString(Foreign.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";
    }

    /// <summary>The attacker's public key, as a <c>jwk</c> header would bring it along.</summary>
    public static JsonObject ForeignJwk()
    {
        var key = Foreign.ExportParameters(false);
        return new JsonObject { ["kty"] = "RSA", ["n"] = Base64Url.EncodeToString(key.Modulus), ["e"] = Base64Url.EncodeToString(key.Exponent) };
    }

    /// <summary>HS256 with the hub's public key as the secret: for a verifier that lets the token choose the algorithm.</summary>
    public static string ByPublicKeyAsSecret(string token, JsonObject jwk)
    {
        using var rsa = RSA.Create(new RSAParameters
        {
            Modulus = Base64Url.DecodeFromChars((string)jwk["n"]!),
            Exponent = Base64Url.DecodeFromChars((string)jwk["e"]!),
        });
        var signed = $"{Encode(With(Part(token, 0), "alg", "HS256"))}.{token.Split('.')[1]}";
        var secret = Encoding.ASCII.GetBytes(rsa.ExportSubjectPublicKeyInfoPem());
        return $"{signed}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
    }

    private static JsonObject With(JsonObject json, string name, string value)
    {
        json[name] = value;
        return json;
    }

    private static string Encode(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));
}
