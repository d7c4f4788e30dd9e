using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Protocol;

/// <summary>
/// The end-session endpoint (RP-Initiated Logout §2). The engine has verified the hint's signature, that
/// <c>client_id</c> matches it, and that the post-logout address is registered. A hint that names the present session
/// ends it at once; anything else asks the person first, because anybody can link here (§6, ASVS 10.6.2).
/// </summary>
internal sealed class EndSession(SignOut signOut, OpenIddictApplicationManager<RelyingParty> parties)
{
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (RefusedRequest.Of(context) is { } refused)
        {
            return refused;
        }

        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not an end-session request.");
        var hint = request.IdTokenHint is null
            ? null
            : (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal;
        var goOn = await RedirectAsync(request, hint?.GetPresenters().FirstOrDefault() ?? hint?.GetAudiences().FirstOrDefault());
        if (CurrentSession.Of(context) is not { } session)
        {
            // §4: not being signed in is no error.
            return signOut.Finished(context, goOn);
        }

        if (goOn is not null)
        {
            FormTargets.Of(context).Allow(new Uri(goOn.Uri));
        }

        return hint is not null && hint.GetClaim("sid") == session.Sid && hint.GetClaim(Claims.Subject) == session.Subject
            ? await signOut.EndAsync(context, session, goOn, hint.GetAudiences().FirstOrDefault())
            : await signOut.AskAsync(session, goOn);
    }

    /// <summary>
    /// Where the browser may go afterwards: only to the exact address that the client named by the hint or by
    /// <c>client_id</c> registered. With neither, nothing tells whose address it is (§3), and there is no redirect.
    /// </summary>
    private async Task<PostLogoutRedirect?> RedirectAsync(OpenIddictRequest request, string? hinted)
    {
        if (request.PostLogoutRedirectUri is not { Length: > 0 } uri
            || (hinted ?? request.ClientId) is not { } client
            || await parties.FindByClientIdAsync(client) is not { } party
            || !await parties.ValidatePostLogoutRedirectUriAsync(party, uri))
        {
            return null;
        }

        return new PostLogoutRedirect(uri, request.State);
    }
}

/// <summary>A registered address to go to after sign-out, and the <c>state</c> to return unchanged.</summary>
internal sealed record PostLogoutRedirect(string Uri, string? State)
{
    // RP-Initiated Logout §2: the state and nothing else is added.
    public string Address => State is null ? Uri : Microsoft.AspNetCore.WebUtilities.QueryHelpers.AddQueryString(Uri, Parameters.State, State);
}
