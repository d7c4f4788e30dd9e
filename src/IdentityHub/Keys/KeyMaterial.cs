using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Keys;

/// <summary>Makes keys and reads them back: PKCS#8 for signing, raw bytes for encryption.</summary>
internal static class KeyMaterial
{
    /// <summary>The algorithms the hub signs with, the default of OpenID Connect Registration §2 first.</summary>
    public static readonly IReadOnlyList<string> Signing = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    /// <summary>For the hub's own codes and refresh tokens: nobody else reads them, so one symmetric key does, and fast.</summary>
    public const string Encryption = "A256KW";

    /// <returns>The <c>kid</c> and the bytes to keep.</returns>
    public static (string Id, byte[] Secret) Create(string algorithm)
    {
        switch (algorithm)
        {
            case SecurityAlgorithms.RsaSha256:
                using (var rsa = RSA.Create(2048))
                {
                    return (Thumbprint(new RsaSecurityKey(rsa)), rsa.ExportPkcs8PrivateKey());
                }

            case SecurityAlgorithms.EcdsaSha256:
                using (var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256))
                {
                    return (Thumbprint(new ECDsaSecurityKey(ecdsa)), ecdsa.ExportPkcs8PrivateKey());
                }

            case Encryption:
                return (Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(16)), RandomNumberGenerator.GetBytes(32));

            default:
                throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "No keys are made for this algorithm.");
        }
    }

    public static LoadedKey Load(StoredKey stored, byte[] secret)
    {
        switch (stored.Algorithm)
        {
            case SecurityAlgorithms.RsaSha256:
                using (var rsa = RSA.Create())
                {
                    rsa.ImportPkcs8PrivateKey(secret, out _);
                    // By parameters and not by instance: each pooled signature provider makes its own RSA object, so
                    // threads that sign at once share none.
                    return new LoadedKey(stored, Named(new RsaSecurityKey(rsa.ExportParameters(true))), Named(new RsaSecurityKey(rsa.ExportParameters(false))));
                }

            case SecurityAlgorithms.EcdsaSha256:
                var ecdsa = ECDsa.Create();
                ecdsa.ImportPkcs8PrivateKey(secret, out _);
                return new LoadedKey(stored, Named(new ECDsaSecurityKey(ecdsa)), Named(new ECDsaSecurityKey(ECDsa.Create(ecdsa.ExportParameters(false)))));

            case Encryption:
                var symmetric = Named(new SymmetricSecurityKey(secret));
                return new LoadedKey(stored, symmetric, symmetric);

            default:
                throw new ArgumentOutOfRangeException(nameof(stored), stored.Algorithm, "No keys are known for this algorithm.");
        }

        SecurityKey Named(SecurityKey key)
        {
            key.KeyId = stored.Id;
            return key;
        }
    }

    // RFC 7638: who holds the key can compute its name.
    private static string Thumbprint(AsymmetricSecurityKey key) => Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
}

/// <summary>A stored key ready for use; <see cref="Public"/> is safe to hand out, except of an encryption key, which has no public half.</summary>
internal sealed record LoadedKey(StoredKey Stored, SecurityKey Private, SecurityKey Public);
