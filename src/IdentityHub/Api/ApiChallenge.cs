using IdentityHub.Access;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.Api;

/// <summary>Why a token does not do, for its holder's software (RFC 6750 §3, RFC 9470 §3) and in words.</summary>
internal static class ApiChallenge
{
    /// <summary>§3.1: a request without a token learns of no error.</summary>
    public static IResult NoToken(HttpContext http) =>
        Answer(http, StatusCodes.Status401Unauthorized, "Bearer realm=\"hub\"", "Send an access token of this hub in the Authorization header.");

    public static IResult BadToken(HttpContext http, string what) => Error(http, StatusCodes.Status401Unauthorized, Errors.InvalidToken, what);

    public static IResult NoScope(HttpContext http, Capability needed, string what) =>
        Error(http, StatusCodes.Status403Forbidden, Errors.InsufficientScope, what, ("scope", needed.Scope()));

    /// <summary>RFC 9470 §3: what the authorization request must ask for.</summary>
    public static IResult Authenticate(HttpContext http, string what, (string Name, string Value) parameter) =>
        Error(http, StatusCodes.Status401Unauthorized, "insufficient_user_authentication", what, parameter);

    private static IResult Error(HttpContext http, int status, string error, string what, params (string Name, string Value)[] parameters) =>
        Answer(http, status, $"Bearer realm=\"hub\", error=\"{error}\", error_description=\"{what}\"{string.Concat(parameters.Select(p => $", {p.Name}=\"{p.Value}\""))}", what);

    private static IResult Answer(HttpContext http, int status, string challenge, string what)
    {
        http.Response.Headers.WWWAuthenticate = challenge;
        return ApiProblem.Of(status, status == StatusCodes.Status403Forbidden ? "Forbidden" : "Unauthorized", what);
    }
}
