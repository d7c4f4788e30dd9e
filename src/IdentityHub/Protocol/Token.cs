using System.Security.Claims;
using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Protocol;

/// <summary>
/// The token endpoint (RFC 6749 §3.2). The engine has authenticated the client and validated the code or refresh
/// token; what it issues is written, or refused, by <see cref="RecordIssuance"/>.
/// </summary>
internal static class Token
{
    public static async Task<IResult> Post(HttpContext context, OpenIddictApplicationManager<RelyingParty> parties, IOptions<HubOptions> hub)
    {
        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not a token request.");
        var principal = request.IsClientCredentialsGrantType()
            ? Machine(request)
            : (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal
                ?? throw new InvalidOperationException("The engine let a grant pass without its principal.");
        if (request.IsRefreshTokenGrantType())
        {
            // Core §12.2: the nonce answers the authorization request, and a refreshed ID token answers none.
            principal.SetClaim(Claims.Private.Nonce, (string?)null);
        }

        // RFC 9068 §3: without a requested resource the audience is the one the hub knows for this client, and its own.
        var party = await parties.FindByClientIdAsync(request.ClientId!);
        principal.SetResources([hub.Value.Issuer, .. party?.Audiences?.Split(' ') ?? []]);
        return TypedResults.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static ClaimsPrincipal Machine(OpenIddictRequest request)
    {
        var identity = new ClaimsIdentity("client", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, request.ClientId);
        identity.SetDestinations(static _ => [Destinations.AccessToken]);
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(request.GetScopes());
        return principal;
    }
}
