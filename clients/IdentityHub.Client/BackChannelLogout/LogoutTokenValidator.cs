using System.Text.Json;
using IdentityHub.Client.Provider;
using IdentityHub.Client.Sessions;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Client.BackChannelLogout;

/// <summary>Decides whether a logout token is the provider's (Back-Channel Logout §2.6) and what it asks for.</summary>
internal sealed class LogoutTokenValidator(ProviderMetadata provider, IOptions<IdentityHubOptions> options, TimeProvider time)
{
    private static readonly JsonWebTokenHandler Tokens = new() { MaximumTokenSizeInBytes = Receiver.MaximumBody };

    /// <summary>What the token asks for, or the reason why it is refused.</summary>
    /// <exception cref="ProviderUnavailableException">The provider's keys were never fetched, so nothing can be said.</exception>
    public async Task<(LogoutNotice? Notice, string? Refusal)> ValidateAsync(string token, CancellationToken cancel)
    {
        if (!Tokens.CanReadToken(token))
        {
            return (null, "it is not a JWT");
        }

        var configuration = await provider.GetConfigurationAsync(cancel);
        var (jwt, refusal) = await VerifyAsync(token, configuration, cancel);
        if (jwt is null)
        {
            return (null, refusal);
        }

        using var claims = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(jwt.EncodedPayload));
        var o = options.Value;
        return claims.RootElement.ValueKind is JsonValueKind.Object
            ? LogoutTokenRules.Read(claims.RootElement, new(configuration.Issuer, o.ClientId, o.ClockSkew, o.RememberEnded), time.GetUtcNow())
            : (null, "its claims are not a JSON object");
    }

    private async Task<(JsonWebToken? Jwt, string? Refusal)> VerifyAsync(string token, OpenIdConnectConfiguration configuration, CancellationToken cancel)
    {
        JsonWebToken jwt;
        try
        {
            jwt = Tokens.ReadJsonWebToken(token);
        }
        catch (Exception e) when (e is ArgumentException or JsonException or FormatException)
        {
            return (null, "it is not a JWT");
        }

        if (Header(jwt) is { } refusal)
        {
            return (null, refusal);
        }

        var result = await VerifyAsync(jwt, configuration);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            provider.RequestRefresh();
            var lookedUp = await provider.GetLookedUpAsync(cancel);
            result = ReferenceEquals(lookedUp, configuration) ? result : await VerifyAsync(jwt, lookedUp);
        }

        return result.IsValid ? (jwt, null) : (null, "its signature is not the provider's");
    }

    // Signature and algorithm only: the claims have rules of their own.
    private Task<TokenValidationResult> VerifyAsync(JsonWebToken jwt, OpenIdConnectConfiguration configuration) =>
        Tokens.ValidateTokenAsync(jwt, new TokenValidationParameters
        {
            IssuerSigningKeys = configuration.SigningKeys,
            ValidAlgorithms = [options.Value.SigningAlgorithm],
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
            RequireSignedTokens = true,
        });

    private string? Header(JsonWebToken jwt) =>
        jwt.IsEncrypted ? "it is encrypted, and this client has registered no encryption"
        : jwt.Alg != options.Value.SigningAlgorithm ? $"alg is not {options.Value.SigningAlgorithm}"
        // RFC 7515 §4.1.11: extensions that are not understood must not be ignored; we understand none.
        : jwt.TryGetHeaderValue<object>("crit", out _) ? "crit names an extension that is not understood"
        : !IsAcceptedType(jwt.Typ) ? "typ is not logout+jwt"
        : null;

    // §2.4: the type is recommended, and a verifier that insists on it cannot be tricked with any other kind of JWT. The
    // switch is for providers that send none or the generic one; a token that says it is something else is still refused.
    private bool IsAcceptedType(string? typ) =>
        Is(typ, "logout+jwt") || Is(typ, "application/logout+jwt")
        || (!options.Value.RequireLogoutTokenType && (string.IsNullOrEmpty(typ) || Is(typ, "JWT")));

    private static bool Is(string? typ, string wanted) => string.Equals(typ, wanted, StringComparison.OrdinalIgnoreCase);
}
