using IdentityHub.Client.Provider;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.SignOut;

/// <summary>
/// Signs a person out: first here, where nothing can go wrong, then at the provider (RP-Initiated Logout §2), which tells
/// every other application. The handler adds <c>id_token_hint</c>, <c>post_logout_redirect_uri</c> and <c>state</c>.
/// </summary>
internal static class SignOutEverywhere
{
    public static async Task Post(HttpContext context, ProviderMetadata provider, IOptions<IdentityHubOptions> options)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!SameOrigin.Sent(context.Request))
        {
            await Results.Problem(
                statusCode: 403, title: "Signing out was asked for by another origin.",
                detail: "Send the POST from a form of this application; behind a proxy, forward the original scheme and host.").ExecuteAsync(context);
            return;
        }

        // Read before the session ends: the provider asks the person for confirmation when the hint is missing (§2).
        var session = await context.AuthenticateAsync(IdentityHubDefaults.SessionScheme);
        await context.SignOutAsync(IdentityHubDefaults.SessionScheme);
        // Pages of the signed-in person must not come back with the Back button. Not "cookies" (it reaches the whole
        // registrable domain) and not "storage" (which is the application's).
        context.Response.Headers["Clear-Site-Data"] = "\"cache\"";

        var after = context.Request.PathBase + options.Value.AfterSignOutPath;
        if (session.Succeeded && await OffersLogoutAsync(provider, context.RequestAborted))
        {
            await context.SignOutAsync(IdentityHubDefaults.ProviderScheme, new() { RedirectUri = after });
        }
        else
        {
            context.Response.Redirect(after);
        }
    }

    private static async Task<bool> OffersLogoutAsync(ProviderMetadata provider, CancellationToken cancel)
    {
        try
        {
            return (await provider.GetConfigurationAsync(cancel)).EndSessionEndpoint is { Length: > 0 };
        }
        catch (ProviderUnavailableException)
        {
            return false; // logged where it was fetched; the person is signed out here in any case
        }
    }
}
