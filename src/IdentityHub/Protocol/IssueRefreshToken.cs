using IdentityHub.RelyingParties;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Gives a refresh token to a relying party that may use one, also without <c>offline_access</c>: such a token is
/// bound to the session and dies with it (Back-Channel Logout §2.7). The engine alone would tie it to the scope.
/// </summary>
internal sealed class IssueRefreshToken(OpenIddictApplicationManager<RelyingParty> parties) : IOpenIddictServerHandler<ProcessSignInContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ProcessSignInContext>()
        .UseScopedHandler<IssueRefreshToken>()
        .SetOrder(OpenIddictServerHandlers.EvaluateGeneratedTokens.Descriptor.Order + 500)
        .Build();

    public async ValueTask HandleAsync(ProcessSignInContext context)
    {
        if (context.EndpointType is not OpenIddictServerEndpointType.Token
            || !(context.Request.IsAuthorizationCodeGrantType() || context.Request.IsRefreshTokenGrantType())
            || await parties.FindByClientIdAsync(context.ClientId!) is not { } party)
        {
            return;
        }

        var may = await parties.HasPermissionAsync(party, Permissions.GrantTypes.RefreshToken);
        context.GenerateRefreshToken = context.IncludeRefreshToken = may;
    }
}
