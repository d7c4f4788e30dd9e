using IdentityHub.Client.Pages;
using IdentityHub.Client.Provider;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.SignOut;

/// <summary>
/// Where a plain link to the sign-out address leads: a page with the button. A GET itself signs nobody out, because any
/// page of the web could cause it by an image.
/// </summary>
internal static class SignOutPage
{
    public static async Task Get(HttpContext context, ProviderMetadata provider, IOptions<IdentityHubOptions> options) =>
        await AnswerPage.SignOut(context, options.Value, await ProviderOriginAsync(provider, context.RequestAborted));

    // Browsers apply form-action to where a form's redirects lead, and signing out leads to the provider.
    private static async Task<string?> ProviderOriginAsync(ProviderMetadata provider, CancellationToken cancel)
    {
        try
        {
            return Uri.TryCreate((await provider.GetConfigurationAsync(cancel)).EndSessionEndpoint, UriKind.Absolute, out var uri)
                ? uri.GetLeftPart(UriPartial.Authority)
                : null;
        }
        catch (ProviderUnavailableException)
        {
            return null; // logged where it was fetched; the form ends the session here
        }
    }
}
