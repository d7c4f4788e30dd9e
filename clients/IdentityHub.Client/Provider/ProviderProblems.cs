using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Client.Provider;

/// <summary>What the provider's metadata tells about a configuration that cannot work, before somebody finds out by a failed logout.</summary>
internal static class ProviderProblems
{
    /// <param name="Fatal">Whether no sign-in and no logout can succeed.</param>
    /// <param name="Text">A sentence that names the setting and the fix.</param>
    public sealed record Problem(bool Fatal, string Text);

    public static IEnumerable<Problem> In(OpenIdConnectConfiguration metadata, IdentityHubOptions options)
    {
        var algorithm = options.SigningAlgorithm;
        var offered = metadata.IdTokenSigningAlgValuesSupported;
        if (offered.Count > 0 && !offered.Contains(algorithm))
        {
            yield return new(true, $"SigningAlgorithm is {algorithm}, and the provider signs with {string.Join(", ", offered)}; set it to the client's registered id_token_signed_response_alg.");
        }
        else if (!metadata.SigningKeys.Any(key => Fits(key, algorithm)))
        {
            yield return new(true, $"SigningAlgorithm is {algorithm}, and none of the {metadata.SigningKeys.Count} keys that the provider publishes is for it; set it to the client's registered id_token_signed_response_alg.");
        }

        // Back-Channel Logout §2.1: the default of both is false.
        if (!Says(metadata, "backchannel_logout_supported"))
        {
            yield return new(false, "The provider does not say backchannel_logout_supported: sessions end by their timeouts and by signing out here, unless it sends logout tokens all the same.");
        }
        else if (!Says(metadata, "backchannel_logout_session_supported"))
        {
            yield return new(false, "The provider does not say backchannel_logout_session_supported: its logout tokens may end all sessions of a person in place of one.");
        }
    }

    // RFC 7518 §3.1, §3.4: each ES algorithm has one curve.
    private static bool Fits(SecurityKey key, string algorithm) => algorithm switch
    {
        "ES256" => key is ECDsaSecurityKey { KeySize: 256 },
        "ES384" => key is ECDsaSecurityKey { KeySize: 384 },
        "ES512" => key is ECDsaSecurityKey { KeySize: 521 },
        _ => key is RsaSecurityKey or X509SecurityKey && key.IsSupportedAlgorithm(algorithm),
    };

    private static bool Says(OpenIdConnectConfiguration metadata, string name) =>
        metadata.AdditionalData.TryGetValue(name, out var value) && string.Equals(value?.ToString(), "true", StringComparison.OrdinalIgnoreCase);
}
