using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Refuses every code, access and refresh token whose session is over, at every endpoint and on every node, from the
/// commit of the revocation on (I4). An ID token is only ever a hint and passes.
/// </summary>
internal sealed class RefuseEndedSessions(TokenStanding standing) : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ValidateTokenContext>()
        .UseScopedHandler<RefuseEndedSessions>()
        .SetOrder(OpenIddictServerHandlers.Protection.ValidateAuthorizationEntry.Descriptor.Order + 500)
        .Build();

    public ValueTask HandleAsync(ValidateTokenContext context)
    {
        var type = context.Principal?.GetTokenType();
        if (type is not (TokenTypeIdentifiers.AccessToken or TokenTypeIdentifiers.RefreshToken or TokenTypeIdentifiers.Private.AuthorizationCode))
        {
            return default;
        }

        var id = context.Principal!.GetTokenId();
        var outlives = type is not TokenTypeIdentifiers.Private.AuthorizationCode && standing.Outlives(id);
        if (!outlives && !standing.SessionLive(id))
        {
            context.Reject(Errors.InvalidToken, "The session this token was issued in has ended.");
        }

        return default;
    }
}
