using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace IdentityHub.Client.Tests.Testing;

/// <summary>One RSA and one EC key under one name, and what a JWKS says of them.</summary>
internal sealed class ProviderKey(string kid) : IDisposable
{
    public string Kid => kid;

    public string EcKid => kid + "-ec";

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Ec { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public IEnumerable<JsonNode> Public()
    {
        var rsa = Rsa.ExportParameters(false);
        var ec = Ec.ExportParameters(false);
        yield return new JsonObject
        {
            ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = Kid,
            ["n"] = Base64Url.EncodeToString(rsa.Modulus), ["e"] = Base64Url.EncodeToString(rsa.Exponent),
        };
        yield return new JsonObject
        {
            ["kty"] = "EC", ["use"] = "sig", ["alg"] = "ES256", ["kid"] = EcKid, ["crv"] = "P-256",
            ["x"] = Base64Url.EncodeToString(ec.Q.X), ["y"] = Base64Url.EncodeToString(ec.Q.Y),
        };
    }

    public void Dispose()
    {
        Rsa.Dispose();
        Ec.Dispose();
    }
}
