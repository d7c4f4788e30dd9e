using System.Security.Claims;
using IdentityHub.RelyingParties;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// The last step before a response leaves: writes what it issues, or refuses. A revocation that committed meanwhile
/// makes the write refuse (I2), so that no code or token leaves for a session that is over.
/// </summary>
internal sealed class RecordIssuance(Issuance issuance, IssuanceWriter writer, IOpenIddictTokenStore<IssuedToken> tokens)
    : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ProcessSignInContext>()
        .UseScopedHandler<RecordIssuance>()
        .SetOrder(OpenIddictServerHandlers.AttachSignInParameters.Descriptor.Order + 500)
        .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        Guard(context, context.Principal!);
        if (await writer.WriteAsync(issuance) is IssuanceResult.Recorded)
        {
            return;
        }

        if (context.EndpointType is OpenIddictServerEndpointType.Authorization)
        {
            context.Reject(Errors.LoginRequired, "The session, the permission or the registration ended while the request was being answered.");
            return;
        }

        // With nothing to redeem, only the registration can be gone.
        if (issuance.RedeemedTokenId is null)
        {
            context.Reject(Errors.InvalidClient, "The client is not registered any more, or disabled.");
            return;
        }

        // Either the session or grant is gone, and this changes nothing; or another request has used the same code or
        // refresh token first, and then both of them and all that descends from them are worth nothing (RFC 6749
        // §4.1.2, RFC 9700 §4.14.2). There is no leeway: see docs/adr.
        if (issuance.ValidGrantId is { } grant)
        {
            await tokens.RevokeByAuthorizationIdAsync(grant, CancellationToken.None);
        }

        context.Reject(Errors.InvalidGrant, "The token was used already, or its session has ended.");
    }

    private void Guard(ProcessSignInContext context, ClaimsPrincipal principal)
    {
        var session = principal.FindSession();
        var offline = principal.IsOffline();
        issuance.SessionId = session;
        issuance.Grant?.Offline = offline;
        if (context.EndpointType is OpenIddictServerEndpointType.Authorization)
        {
            issuance.LiveSessionId = session ?? throw new InvalidOperationException("A code without a session.");
            issuance.ParticipantClientId = context.ClientId;
            return;
        }

        if (issuance.RedeemedTokenId is null)
        {
            return;
        }

        issuance.ValidGrantId = principal.GetAuthorizationId();
        // A code is good only while its session is; so is a refresh token without offline_access.
        issuance.LiveSessionId = context.Request.IsAuthorizationCodeGrantType() || !offline ? session : null;
    }
}
