using System.Buffers;
using System.Buffers.Text;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// The form of what PKCE carries (RFC 7636 §4.1, §4.2): a challenge is a SHA-256, a verifier has 43 to 128 characters.
/// The engine checks the one against the other; a verifier of three characters it would accept, and anybody guess.
/// </summary>
internal sealed class CheckPkce : IOpenIddictServerHandler<ValidateAuthorizationRequestContext>, IOpenIddictServerHandler<ValidateTokenRequestContext>
{
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    public static OpenIddictServerHandlerDescriptor Authorization { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ValidateAuthorizationRequestContext>()
        .UseSingletonHandler<CheckPkce>()
        .SetOrder(OpenIddictServerHandlers.Authentication.ValidateProofKeyForCodeExchangeParameters.Descriptor.Order + 500)
        .Build();

    public static OpenIddictServerHandlerDescriptor Token { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ValidateTokenRequestContext>()
        .UseSingletonHandler<CheckPkce>()
        .SetOrder(int.MinValue + 60_000)
        .Build();

    public ValueTask HandleAsync(ValidateAuthorizationRequestContext context)
    {
        if (context.Request.CodeChallenge is { Length: > 0 } challenge && !(challenge.Length == 43 && Base64Url.IsValid(challenge)))
        {
            context.Reject(Errors.InvalidRequest, "The parameter 'code_challenge' is not a SHA-256 in base64url; it must have 43 characters.");
        }

        return default;
    }

    public ValueTask HandleAsync(ValidateTokenRequestContext context)
    {
        if (context.Request.CodeVerifier is { Length: > 0 } verifier
            && (verifier.Length is < 43 or > 128 || verifier.AsSpan().ContainsAnyExcept(Unreserved)))
        {
            context.Reject(Errors.InvalidRequest, "The parameter 'code_verifier' must have 43 to 128 characters of A-Z, a-z, 0-9, '-', '.', '_' and '~'.");
        }

        return default;
    }
}
