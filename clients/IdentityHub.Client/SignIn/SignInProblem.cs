using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace IdentityHub.Client.SignIn;

/// <summary>
/// What a sign-in that failed means for whoever configured the application: a sentence for the log, with the fix. The
/// person in front of the browser can do nothing about it and gets a page that says so.
/// </summary>
internal static class SignInProblem
{
    private static readonly (string Sign, string Meaning)[] Messages =
    [
        // RFC 6749 §5.2, at the token endpoint.
        ("invalid_client", "The provider does not accept ClientId and ClientSecret; compare them with the client's registration, and its token_endpoint_auth_method with client_secret_post."),
        ("unauthorized_client", "The provider does not let this client use the authorization code flow; allow grant type authorization_code and response type code in its registration."),
        ("invalid_grant", "The provider did not take the authorization code: it was used before or has expired, the redirect_uri differs from the one of the request, or the session ended meanwhile."),
        // RFC 6749 §4.1.2.1, in the authorization response.
        ("invalid_scope", "The provider does not grant one of Scopes to this client; compare them with the client's registration."),
        ("unsupported_response_type", "The provider does not let this client use response type code; allow it in the client's registration."),
        ("invalid_request", "The provider found the request wrong; its log or error_description says how. Often it is a redirect_uri that differs from the registered one by scheme, host or port: behind a proxy, add app.UseForwardedHeaders()."),
        ("temporarily_unavailable", "The provider says that it cannot serve sign-ins right now."),
        // ASP.NET Core's handler.
        ("Correlation failed", "The browser did not bring the cookie that this sign-in began with: it took longer than 15 minutes, began on another host name or scheme (behind a proxy, add app.UseForwardedHeaders()), on a node with other Data Protection keys, or the callback was opened by hand."),
        ("Unable to unprotect the message.State", "The state of the response cannot be decrypted: all nodes must share the Data Protection keys, and they must survive a restart."),
        ("message.State is null or empty", "The callback was opened without a response of the provider."),
        // SignInEvents.CheckIssuer, RFC 9207 §2.4.
        ("The response lacks iss", "The response is not the provider's: the callback was opened by hand, or something between the two cuts iss out of the address."),
        ("The response's iss is not", "The response is another provider's; it was not believed (mix-up, RFC 9207)."),
        ("IDX21323", "The ID token repeats no nonce of this browser: the cookie of the sign-in is gone."),
    ];

    public static string Explain(Exception? failure)
    {
        for (var e = failure; e is not null; e = e.InnerException)
        {
            if (ByType(e) is { } meaning)
            {
                return meaning;
            }

            if (Array.Find(Messages, m => e.Message.Contains(m.Sign, StringComparison.Ordinal)) is { Meaning: { } text })
            {
                return text;
            }
        }

        return "The exception says why.";
    }

    private static string? ByType(Exception e) => e switch
    {
        SecurityTokenInvalidIssuerException => "The ID token is of another issuer than Authority; set Authority to the provider's issuer.",
        SecurityTokenInvalidAudienceException => "The ID token is for another client than ClientId; set ClientId to this client's.",
        SecurityTokenExpiredException or SecurityTokenNotYetValidException or SecurityTokenInvalidLifetimeException =>
            "The ID token is not valid at this time; compare the clocks of provider and application, or raise ClockSkew.",
        SecurityTokenInvalidAlgorithmException => Algorithm,
        // The handler reports an algorithm that it was told not to take as a key that does not fit.
        SecurityTokenInvalidSignatureException => e.Message.Contains("IDX10696", StringComparison.Ordinal) || e.Message.Contains("IDX10511", StringComparison.Ordinal)
            ? Algorithm
            : "The ID token is signed by none of the provider's published keys.",
        OpenIdConnectProtocolInvalidNonceException => "The ID token repeats no nonce of this browser: the cookie of the sign-in is gone.",
        HttpRequestException or TaskCanceledException => "The provider's token or UserInfo endpoint cannot be reached from this application.",
        _ => null,
    };

    private const string Algorithm =
        "The ID token is signed with another algorithm than SigningAlgorithm, or by a key that is not for it; set SigningAlgorithm to the client's registered id_token_signed_response_alg.";
}
