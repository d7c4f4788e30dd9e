using IdentityHub.Pages;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Http.HttpResults;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace IdentityHub.Protocol;

/// <summary>
/// <c>response_mode=form_post</c> (OAuth 2.0 Form Post Response Mode §2) on a page of ours. The engine's page sends
/// itself by a script in the page, which our content security policy forbids; this one by the script that every page
/// has, or by its button.
/// </summary>
internal sealed class FormPost : IOpenIddictServerHandler<ApplyAuthorizationResponseContext>
{
    /// <summary>The engine's own, to be taken out.</summary>
    public static OpenIddictServerHandlerDescriptor Replaced { get; } = OpenIddictServerAspNetCoreHandlers.Authentication.ProcessFormPostResponse.Descriptor;

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } = OpenIddictServerHandlerDescriptor
        .CreateBuilder<ApplyAuthorizationResponseContext>()
        .UseSingletonHandler<FormPost>()
        .SetOrder(Replaced.Order)
        .Build();

    public async ValueTask HandleAsync(ApplyAuthorizationResponseContext context)
    {
        if (context.RedirectUri is not { } address || context.ResponseMode is not ResponseModes.FormPost)
        {
            return;
        }

        var http = context.Transaction.GetHttpRequest()?.HttpContext ?? throw new InvalidOperationException("Not a request over HTTP.");
        FormTargets.Of(http).Allow(new Uri(address));
        await new RazorComponentResult<FormPostPage>(new Dictionary<string, object?>
        {
            [nameof(FormPostPage.Action)] = address,
            [nameof(FormPostPage.Fields)] = (IReadOnlyList<KeyValuePair<string, string>>)
                [.. context.Response.GetParameters().Select(p => KeyValuePair.Create(p.Key, (string?)p.Value ?? "")).Where(p => p.Value.Length > 0)],
        }).ExecuteAsync(http);
        context.HandleRequest();
    }
}
