using IdentityHub.Data;
using Microsoft.Extensions.Options;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// The <c>iss</c> of authorization responses (RFC 9207) the <c>issuer</c> of the metadata and the <c>iss</c> of introspection, spelt as configured:
/// the engine would spell them as a URI, with a slash that no relying party's comparison expects.
/// </summary>
internal sealed class NameIssuer(IOptions<HubOptions> hub) :
    IOpenIddictServerHandler<ApplyAuthorizationResponseContext>,
    IOpenIddictServerHandler<ApplyConfigurationResponseContext>,
    IOpenIddictServerHandler<ApplyIntrospectionResponseContext>
{
    public static OpenIddictServerHandlerDescriptor AuthorizationResponse { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ApplyAuthorizationResponseContext>()
        .UseSingletonHandler<NameIssuer>()
        .SetOrder(OpenIddictServerHandlers.Authentication.AttachIssuer.Descriptor.Order - 500)
        .Build();

    public static OpenIddictServerHandlerDescriptor ConfigurationResponse { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ApplyConfigurationResponseContext>()
        .UseSingletonHandler<NameIssuer>()
        .SetOrder(int.MinValue + 100_000)
        .Build();

    public static OpenIddictServerHandlerDescriptor IntrospectionResponse { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ApplyIntrospectionResponseContext>()
        .UseSingletonHandler<NameIssuer>()
        .SetOrder(int.MinValue + 100_000)
        .Build();

    public ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (!string.IsNullOrEmpty(context.RedirectUri))
        {
            context.Response[OpenIddictConstants.Parameters.Iss] = hub.Value.Issuer;
        }

        return default;
    }

    public ValueTask HandleAsync(ApplyConfigurationResponseContext context)
    {
        context.Response[OpenIddictConstants.Metadata.Issuer] = hub.Value.Issuer;
        return default;
    }

    public ValueTask HandleAsync(ApplyIntrospectionResponseContext context)
    {
        // RFC 7662 §2.2: a token that cannot be introspected, an ID token say, is answered like any other that is not
        // active, and not as an error that tells what it is.
        if (context.Response.Error is OpenIddictConstants.Errors.UnsupportedTokenType)
        {
            context.Transaction.Response = new OpenIddictResponse { [OpenIddictConstants.Claims.Active] = false };
        }

        // RFC 7662 §2.2: an inactive token is answered with nothing but that.
        if (context.Response[OpenIddictConstants.Claims.Issuer] is not null)
        {
            context.Response[OpenIddictConstants.Claims.Issuer] = hub.Value.Issuer;
        }

        return default;
    }
}
