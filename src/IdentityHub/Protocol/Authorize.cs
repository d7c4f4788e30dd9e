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
    StepUp stepUp,
    Issuance issuance,
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
        if (CurrentSession.Of(context) is not { } session || await MustAuthenticateAsync(context, request, party, session, hint))
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
            ConsentDecision.Allowed allowed => Issue(request, party, session, allowed),
            ConsentDecision.Ask when silent => Refuse(Errors.ConsentRequired, "The person has not allowed this yet."),
            ConsentDecision.Ask ask => ask.Page,
            _ => throw new InvalidOperationException("An unknown decision."),
        };
    }

    private async Task<bool> MustAuthenticateAsync(HttpContext context, OpenIddictRequest request, RelyingParty party, CurrentSession session, string? hint)
    {
        if (markers.OpenInstant(AskedAt, context.Request.Query[AskedAt]) is { } asked && session.AuthenticatedAt >= asked)
        {
            // The person has done so: once is enough, also where it did not reach what was wished for.
            return false;
        }

        // A silent request is refused for an age that is exceeded (Core §3.1.2.1), and not for a class that is a wish.
        // max_age=0 is prompt=login; so is a request for an account that is not the present one.
        var silent = request.HasPromptValue(PromptValues.None);
        return request.HasPromptValue(PromptValues.Login)
            || request.HasPromptValue(PromptValues.SelectAccount)
            || (hint is not null && hint != session.Subject && !silent)
            || await stepUp.IsNeededAsync(request, party, session, silent);
    }

    private IResult SignIn(HttpContext context, OpenIddictRequest request)
    {
        var back = ReturnAddress.Of(context, AskedAt, markers.Seal(AskedAt, Truncate(time.GetUtcNow())));
        if (AuthenticationContext.AsksForMoreThanPassword(request.GetAcrValues()) && !context.Request.Query.ContainsKey(AuthenticationContext.MoreThanPassword))
        {
            back = QueryHelpers.AddQueryString(back, AuthenticationContext.MoreThanPassword, "true");
        }

        var address = QueryHelpers.AddQueryString("/sign-in", "return_url", back);
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

    private IResult Issue(OpenIddictRequest request, RelyingParty party, CurrentSession session, ConsentDecision.Allowed allowed)
    {
        var (now, scopes) = (time.GetUtcNow(), allowed.Scopes);
        issuance.ConsentUserId = allowed.ByConsent ? session.UserId : null;
        var offline = scopes.Contains(Scopes.OfflineAccess);
        var identity = new ClaimsIdentity("hub", Claims.Name, Claims.Role);
        identity.SetClaim(Claims.Subject, session.Subject);
        identity.SetClaim("sid", session.Sid);
        identity.SetClaim(Claims.AuthenticationTime, session.AuthenticatedAt.ToUnixTimeSeconds());
        identity.SetClaims(Claims.AuthenticationMethodReference, [.. session.Amr.Split(' ', StringSplitOptions.RemoveEmptyEntries)]);
        identity.SetClaim(Claims.AuthenticationContextReference, AuthenticationContext.Of(request.GetAcrValues(), session.Amr, now - session.AuthenticatedAt, session.Terms));
        identity.SetDestinations(claim => claim.Type switch
        {
            // RFC 9068 §2.2.1: a resource server may ask how and when the person authenticated, and in which session.
            // What outlives the session (Back-Channel Logout §2.7) must not look bound to it to an API that hears of its end.
            "sid" when offline => [Destinations.IdentityToken],
            Claims.Subject or "sid" or Claims.AuthenticationTime or Claims.AuthenticationMethodReference or Claims.AuthenticationContextReference =>
                [Destinations.IdentityToken, Destinations.AccessToken],
            _ => [],
        });
        var principal = new ClaimsPrincipal(identity);
        principal.SetScopes(scopes);
        principal.SetSession(session.Id, offline);
        if (!offline)
        {
            // ASVS 10.4.8: bound to the session, the token cannot outlive it; the engine knows its end from the start.
            principal.SetRefreshTokenLifetime(RefreshLifetime(party, session, now));
        }

        return TypedResults.SignIn(principal, authenticationScheme: OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    // Where the relying party registered how old an authentication may be, it is not kept signed in beyond that by
    // refreshing: it has to come back and ask.
    private static TimeSpan RefreshLifetime(RelyingParty party, CurrentSession session, DateTimeOffset now)
    {
        var end = party.DefaultMaxAge is { } most ? session.AuthenticatedAt.AddSeconds(most) : session.AbsoluteExpiresAt;
        return (end < session.AbsoluteExpiresAt ? end : session.AbsoluteExpiresAt) - now;
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
