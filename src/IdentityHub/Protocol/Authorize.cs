using System.Security.Claims;
using IdentityHub.Pages;
using IdentityHub.RelyingParties;
using IdentityHub.Sessions;
using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.WebUtilities;
using OpenIddict.Abstractions;
using OpenIddict.Core;
using OpenIddict.Server.AspNetCore;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Protocol;

/// <summary>
/// The authorization endpoint (OpenID Connect Core §3.1.2). The engine has validated the request when it arrives
/// here; here it is decided whether the person must sign in, authenticate again or consent first.
/// </summary>
internal sealed class Authorize(
    OpenIddictApplicationManager<RelyingParty> parties,
    Consents consents,
    Markers markers,
    TimeProvider time)
{
    private const string AskedAt = "authenticated_after";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (RefusedRequest.Of(context) is { } refused)
        {
            return refused;
        }

        var request = context.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("Not an authorization request.");
        var party = await parties.FindByClientIdAsync(request.ClientId!) ?? throw new InvalidOperationException("An unknown client passed the engine.");
        FormTargets.Of(context).Allow(new Uri(request.RedirectUri!));
        var hint = await HintedSubjectAsync(context, request);
        if (request.IdTokenHint is not null && hint is null)
        {
            // Core §3.1.2.2: a hint that we cannot verify may name anybody; the present person's answer is not for it.
            return Refuse(Errors.InvalidRequest, "The parameter 'id_token_hint' is not an ID token of this provider.");
        }

        if (request.GetParameter(Parameters.MaxAge) is not null && request.MaxAge is null or < 0)
        {
            return Refuse(Errors.InvalidRequest, "The parameter 'max_age' must be a number of seconds, 0 or more.");
        }

        var silent = request.HasPromptValue(PromptValues.None);
        if (CurrentSession.Of(context) is not { } session || MustAuthenticate(context, request, session, hint))
        {
            return silent
                ? Refuse(Errors.LoginRequired, "The person is not signed in, or must authenticate again.")
                : SignIn(context, request);
        }

        if (hint is not null && hint != session.Subject)
        {
            // Core §3.1.2.1: never a positive answer for another person than the one the hint names.
            return Refuse(Errors.LoginRequired, "Another person is signed in than the id_token_hint names.");
        }

        return await consents.DecideAsync(context, request, party, session) switch
        {
            ConsentDecision.Denied => Refuse(Errors.AccessDenied, "The person did not allow it."),
            ConsentDecision.Allowed allowed => Issue(request, session, allowed.Scopes),
            ConsentDecision.Ask when silent => Refuse(Errors.ConsentRequired, "The person has not allowed this yet."),
            ConsentDecision.Ask ask => ask.Page,
            _ => throw new InvalidOperationException("An unknown decision."),
        };
    }

    private bool MustAuthenticate(HttpContext context, OpenIddictRequest request, CurrentSession session, string? hint)
    {
        // max_age=0 is prompt=login (Core §3.1.2.1); so is a request for an account that is not the present one.
        var now = time.GetUtcNow();
        var demanded = request.HasPromptValue(PromptValues.Login)
            || request.HasPromptValue(PromptValues.SelectAccount)
            || (request.MaxAge is { } age && now - session.AuthenticatedAt >= TimeSpan.FromSeconds(age))
            || (hint is not null && hint != session.Subject && !request.HasPromptValue(PromptValues.None));
        return demanded && !(markers.OpenInstant(AskedAt, context.Request.Query[AskedAt]) is { } asked && session.AuthenticatedAt >= asked);
    }

    private IResult SignIn(HttpContext context, OpenIddictRequest request)
    {
        var address = QueryHelpers.AddQueryString("/sign-in", "return_url", ReturnAddress.Of(context, AskedAt, markers.Seal(AskedAt, Truncate(time.GetUtcNow()))));
        if (request.LoginHint is { Length: > 0 and <= 256 } loginHint)
        {
            address = QueryHelpers.AddQueryString(address, "login_hint", loginHint);
        }

        return SeeOther.To(address);
    }

    /// <summary>The <c>sub</c> of the <c>id_token_hint</c>; the engine has verified that we issued it.</summary>
    private static async Task<string?> HintedSubjectAsync(HttpContext context, OpenIddictRequest request) =>
        request.IdTokenHint is null
            ? null
            : (await context.AuthenticateAsync(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme)).Principal?.GetClaim(Claims.Subject);

    private IResult Issue(OpenIddictRequest request, CurrentSession session, IReadOnlyCollection<string> scopes)
    {
        var offline = scopes.Contains(Scopes.OfflineAccess);
        var identity = new ClaimsIdentity("hub", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, session.Subject);
        identity.SetClaim("sid", session.Sid);
        identity.SetClaim(Claims.AuthenticationTime, session.AuthenticatedAt.ToUnixTimeSeconds());
        identity.SetClaims(Claims.AuthenticationMethodReference, [.. session.Amr.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        identity.SetDestinations(claim => claim.Type switch
        {
            // RFC 9068 §2.2.1: a resource server may ask how and when the person authenticated, and in which session.
            // What outlives the session (Back-Channel Logout §2.7) must not look bound to it to an API that hears of its end.
            "sid" when offline => [Destinations.IdentityToken],
            Claims.Subject or "sid" or Claims.AuthenticationTime or Claims.AuthenticationMethodReference => [Destinations.IdentityToken, Destinations.AccessToken],
            _ => [],
        });
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes);
        principal.SetSession(session.Id, offline);
        if (!offline)
        {
            // ASVS 10.4.8: bound to the session, the token cannot outlive it; the engine knows its end from the start.
            principal.SetRefreshTokenLifetime(session.AbsoluteExpiresAt - time.GetUtcNow());
        }

        return TypedResults.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IResult Refuse(string error, string description) => TypedResults.Forbid(
        new AuthenticationProperties(new Dictionary<string, string?>
        {
            [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
            [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = description,
        }),
        [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]);

    // The marker carries milliseconds; the sign-in that follows must not look older than it.
    private static DateTimeOffset Truncate(DateTimeOffset instant) => DateTimeOffset.FromUnixTimeMilliseconds(instant.ToUnixTimeMilliseconds());
}
