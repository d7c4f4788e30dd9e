using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// Where a UserInfo request may carry its token (Core §5.3.1): in the <c>Authorization</c> header of a GET or POST, the
/// latter with or without a body, or in the form; never in the address, which logs and histories keep (RFC 9700 §4.3.2).
/// The engine wants a form with every POST, and takes the address.
/// </summary>
internal sealed class ReadUserInfoRequest : IOpenIddictServerHandler<ExtractUserInfoRequestContext>
{
    /// <summary>The engine's own, to be taken out.</summary>
    public static OpenIddictServerHandlerDescriptor Replaced { get; } =
        OpenIddictServerAspNetCoreHandlers.ExtractGetOrPostRequest<ExtractUserInfoRequestContext>.Descriptor;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ExtractUserInfoRequestContext>()
        .UseSingletonHandler<ReadUserInfoRequest>()
        .SetOrder(Replaced.Order)
        .Build();

    public async ValueTask HandleAsync(ExtractUserInfoRequestContext context)
    {
        var request = context.Transaction.GetHttpRequest() ?? throw new InvalidOperationException("Not a request over HTTP.");
        if (request.Query.ContainsKey(Parameters.AccessToken))
        {
            context.Reject(Errors.InvalidRequest, "The parameter 'access_token' must not stand in the address; send it in the Authorization header.");
            return;
        }

        var form = HttpMethods.IsPost(request.Method) && request.HasFormContentType ? await request.ReadFormAsync() : null;
        if (form?.ContainsKey(Parameters.AccessToken) == true && request.Headers.Authorization.Count > 0)
        {
            // RFC 6750 §2: of two tokens, the one that is checked may not be the one that counts.
            context.Reject(Errors.InvalidRequest, "There is a token in the Authorization header and one in the form; send one.");
            return;
        }

        context.Request = form is null ? new OpenIddictRequest() : new OpenIddictRequest(form);
    }
}
