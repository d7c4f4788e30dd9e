using IdentityHub.Client.Pages;
using IdentityHub.Client.Provider;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.SignIn;

/// <summary>Sends a browser to the provider, from the sign-in address or from a page that needs a signed-in person.</summary>
internal sealed class StartSignIn(ProviderMetadata provider, ForwardedScheme scheme, IOptions<IdentityHubOptions> options)
{
    /// <summary><c>GET /sign-in?returnUrl=/a/local/path</c></summary>
    public static Task Get(HttpContext context, StartSignIn signIn, string? returnUrl = null)
    {
        // Only our own paths, or the address would be an open redirector that ends on a phishing page (OWASP).
        var target = returnUrl is not null && RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : context.Request.PathBase + "/";
        if (context.User.Identity?.IsAuthenticated is not true)
        {
            return signIn.ChallengeAsync(context, new() { RedirectUri = target });
        }

        context.Response.Redirect(target);
        return Task.CompletedTask;
    }

    public async Task ChallengeAsync(HttpContext context, AuthenticationProperties properties)
    {
        // A form that was posted after the session had ended cannot be posted again by a redirect.
        properties.RedirectUri ??= HttpMethods.IsGet(context.Request.Method)
            ? context.Request.PathBase + context.Request.Path + context.Request.QueryString
            : context.Request.PathBase + "/";

        scheme.Notice(context.Request);
        try
        {
            await provider.GetConfigurationAsync(context.RequestAborted);
        }
        catch (ProviderUnavailableException)
        {
            await AnswerPage.ProviderUnavailable(context, options.Value);
            return;
        }

        await context.ChallengeAsync(IdentityHubDefaults.ProviderScheme, properties);
    }
}
