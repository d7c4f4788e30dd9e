using System.Security.Claims;
using System.Text.Json;
using IdentityHub.Data;
using IdentityHub.Keys;
using IdentityHub.RelyingParties;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Signs what a relying party will verify with the algorithm it registered, and names the issuer exactly as it is
/// configured. An ID token needs no row: it is never redeemed or revoked, and comes back only as a hint.
/// </summary>
internal sealed class SignForRelyingParty(OpenIddictApplicationManager<RelyingParty> parties, KeyRing keys, IOptions<HubOptions> hub)
    : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<GenerateTokenContext>()
        .UseScopedHandler<SignForRelyingParty>()
        .SetOrder(OpenIddictServerHandlers.Protection.AttachSecurityCredentials.Descriptor.Order + 500)
        .Build();

    public async ValueTask HandleAsync(GenerateTokenContext context)
    {
        context.Principal.SetClaim(Claims.Private.Issuer, hub.Value.Issuer);
        if (context.TokenType is not (TokenTypeIdentifiers.IdentityToken or TokenTypeIdentifiers.AccessToken))
        {
            return;
        }

        if (context.TokenType is TokenTypeIdentifiers.AccessToken && context.Principal.GetClaims(Claims.AuthenticationMethodReference) is { Length: > 0 } methods)
        {
            // RFC 8176 §1, RFC 9068 §2.2.1: an array, also of one. The engine would write one as a plain string.
            context.Principal.RemoveClaims(Claims.AuthenticationMethodReference);
            ((ClaimsIdentity)context.Principal.Identity!).AddClaim(new Claim(
                Claims.AuthenticationMethodReference, JsonSerializer.Serialize(methods), JsonClaimValueTypes.JsonArray));
        }

        context.CreateTokenEntry &= context.TokenType is not TokenTypeIdentifiers.IdentityToken;
        if (context.ClientId is { } client && await parties.FindByClientIdAsync(client) is { } party)
        {
            context.SigningCredentials = keys.ActiveFor(party.IdTokenSignedResponseAlg);
        }
    }
}
