using IdentityHub.RelyingParties;
using OpenIddict.Core;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Brings an error of the authorization endpoint back to the relying party (RFC 6749 §4.1.2.1), which would otherwise
/// wait for an answer to <c>prompt=none</c> for ever. The engine shows a page for every request it refuses. Only a
/// registered pair of <c>client_id</c> and <c>redirect_uri</c> is ever redirected to (RFC 9700 §4.11.2).
/// </summary>
internal sealed class ReturnErrors(OpenIddictApplicationManager<RelyingParty> parties) : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ApplyAuthorizationResponseContext>()
        .UseScopedHandler<ReturnErrors>()
        .SetOrder(OpenIddictServerHandlers.Authentication.InferResponseMode.Descriptor.Order + 500)
        .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is null && context.Response.Error is not null && await IsRegisteredAsync(context.Request?.ClientId, context.Request?.RedirectUri))
        {
            context.RedirectUri = context.Request!.RedirectUri;
        }

        // The mode itself may be what was wrong.
        if (context.RedirectUri is not null && context.ResponseMode is not (ResponseModes.Query or ResponseModes.Fragment or ResponseModes.FormPost))
        {
            context.ResponseMode = ResponseModes.Query;
        }
    }

    // A name or address that is no text of ours is not worth a question to the database, and may be none it can be asked.
    private async Task<bool> IsRegisteredAsync(string? client, string? address) =>
        client is { Length: > 0 and <= 100 } && !client.Any(char.IsControl)
        && address is { Length: > 0 } && !address.Any(char.IsControl)
        && await parties.FindByClientIdAsync(client) is { } party
        && await parties.ValidateRedirectUriAsync(party, address);
}
