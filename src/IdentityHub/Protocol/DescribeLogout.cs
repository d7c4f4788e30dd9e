using System.Collections.Immutable;
using IdentityHub.Data;
using IdentityHub.Sessions;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>Says in the metadata what the engine does not know of: back-channel logout with <c>sid</c> (Back-Channel Logout §2.1), the revocation feed.</summary>
internal sealed class DescribeLogout(IOptions<HubOptions> hub) : IOpenIddictServerHandler<HandleConfigurationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<HandleConfigurationRequestContext>()
        .UseSingletonHandler<DescribeLogout>()
        .SetOrder(int.MaxValue - 100_000)
        .Build();

    public ValueTask HandleAsync(HandleConfigurationRequestContext context)
    {
        context.Metadata["backchannel_logout_supported"] = true;
        context.Metadata["backchannel_logout_session_supported"] = true;
        // Front-Channel Logout §3.
        context.Metadata["frontchannel_logout_supported"] = true;
        context.Metadata["frontchannel_logout_session_supported"] = true;
        context.Metadata["revocation_feed_endpoint"] = new Uri(hub.Value.IssuerUri, "revocations").AbsoluteUri;
        // draft-parecki-oauth-global-token-revocation-05 §4.
        context.Metadata["global_token_revocation_endpoint"] = new Uri(hub.Value.IssuerUri, "global-token-revocation").AbsoluteUri;
        context.Metadata["request_parameter_supported"] = false;
        context.Metadata["request_uri_parameter_supported"] = false;
        context.Metadata["acr_values_supported"] = ImmutableArray.Create<string?>(AuthenticationContext.Supported);
        // Core §3.1.2.1 and the algorithms a relying party may register, whichever signs first today.
        context.IdTokenSigningAlgorithms.UnionWith(["RS256", "ES256"]);
        context.Claims.UnionWith(["sub", "sid", "auth_time", "amr", "acr", "name", "email", "email_verified"]);
        // RFC 8414 §2: a public client authenticates by none.
        context.TokenEndpointAuthenticationMethods.Add("none");
        return default;
    }
}
