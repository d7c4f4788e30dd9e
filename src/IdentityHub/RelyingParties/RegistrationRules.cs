using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.RelyingParties;

/// <summary>What a registration may contain. Pure; each refusal names the member and the fix.</summary>
internal static class RegistrationRules
{
    /// <summary>The scope of the revocation feed, which is for applications themselves and never for a person's token.</summary>
    public const string FeedScope = "revocation_feed";

    private static readonly string[] KnownGrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials];
    private static readonly string[] KnownAlgorithms = ["RS256", "ES256"];

    /// <summary>The first thing wrong with it, null when it is acceptable.</summary>
    /// <param name="registration">What was asked for.</param>
    /// <param name="addresses">Which addresses may be connected to.</param>
    /// <param name="development">Plain http is accepted on loopback only, and only then (RFC 9700 §2.6).</param>
    /// <param name="named">How the caller calls a member: <c>RelyingParties:0:RedirectUris</c>, <c>--redirect-uri</c>.</param>
    public static string? Refusal(Registration registration, AddressRule addresses, bool development, Func<string, string> named)
    {
        if (registration.ClientId.Length is 0 or > 100 || registration.ClientId.Any(c => c is < '!' or > '~'))
        {
            return $"{named(nameof(registration.ClientId))} is '{registration.ClientId}'; it must be 1 to 100 visible ASCII characters without spaces.";
        }

        if (Guid.TryParse(registration.ClientId, out _))
        {
            return $"{named(nameof(registration.ClientId))} is '{registration.ClientId}'; it must not look like a person's identifier (RFC 9700 §4.15.1). Use a name such as 'notes'.";
        }

        var grants = registration.EffectiveGrantTypes;
        if (grants.FirstOrDefault(g => !KnownGrantTypes.Contains(g)) is { } unknown)
        {
            return $"{named(nameof(registration.GrantTypes))} has '{unknown}'; it may have {string.Join(", ", KnownGrantTypes)}.";
        }

        if (grants.Contains(GrantTypes.ClientCredentials) && string.IsNullOrEmpty(registration.ClientSecret))
        {
            return $"{named(nameof(registration.ClientSecret))} is missing; client_credentials needs a secret (RFC 6749 §4.4).";
        }

        if (registration.Scopes.Contains(FeedScope) && !grants.Contains(GrantTypes.ClientCredentials))
        {
            return $"{named(nameof(registration.Scopes))} has '{FeedScope}', which an application asks for with client_credentials; add that to {named(nameof(registration.GrantTypes))}.";
        }

        if (grants.Contains(GrantTypes.AuthorizationCode) && registration.RedirectUris.Count == 0)
        {
            return $"{named(nameof(registration.RedirectUris))} is empty; authorization_code needs at least one redirect URI.";
        }

        var web = !string.IsNullOrEmpty(registration.ClientSecret);
        return registration.RedirectUris.Select(u => UriRule.Redirect(u, web, development, named(nameof(registration.RedirectUris))))
            .Concat(registration.PostLogoutRedirectUris.Select(u => UriRule.Redirect(u, web, development, named(nameof(registration.PostLogoutRedirectUris)))))
            .Append(UriRule.BackChannel(registration.BackChannelLogoutUri, addresses, development, named(nameof(registration.BackChannelLogoutUri))))
            .Append(UriRule.FrontChannel(registration.FrontChannelLogoutUri, registration.RedirectUris, development, named(nameof(registration.FrontChannelLogoutUri))))
            .Append(OneOf(registration.IdTokenSignedResponseAlg, KnownAlgorithms, named(nameof(registration.IdTokenSignedResponseAlg))))
            .Append(OneOf(registration.LogoutTokenSubject, Enum.GetNames<LogoutTokenSubject>(), named(nameof(registration.LogoutTokenSubject))))
            .Append(registration.Audiences.FirstOrDefault(a => a.Length is 0 or > 200 || a.Any(c => c is < '!' or > '~')) is { } audience
                ? $"{named(nameof(registration.Audiences))} has '{audience}'; an audience is 1 to 200 visible ASCII characters without spaces, such as https://api.example.com."
                : registration.Audiences.Count > 8 ? $"{named(nameof(registration.Audiences))} has {registration.Audiences.Count} entries; it may have 8." : null)
            .Append(Age(registration.DefaultMaxAge, named(nameof(registration.DefaultMaxAge))))
            .Append(Unencrypted(registration.IdTokenEncryptedResponseAlg, named(nameof(registration.IdTokenEncryptedResponseAlg))))
            .Append(Unencrypted(registration.IdTokenEncryptedResponseEnc, named(nameof(registration.IdTokenEncryptedResponseEnc))))
            .Append(registration.GiveUpAfter is { TotalSeconds: < 60 or > 30 * 86400 } span
                ? $"{named(nameof(registration.GiveUpAfter))} is {span}; it must be between 1 minute and 30 days."
                : null)
            .Append(registration.Scopes.FirstOrDefault(s => s.Length == 0 || s.Any(c => c is < '!' or > '~' or '"' or '\\')) is { } scope
                ? $"{named(nameof(registration.Scopes))} has '{scope}'; a scope is visible ASCII without spaces, quotes or backslashes (RFC 6749 §3.3)."
                : null)
            .FirstOrDefault(refusal => refusal is not null);
    }

    private static string? Age(TimeSpan? age, string name) => age < TimeSpan.FromMinutes(1) || age > TimeSpan.FromDays(30) || age?.Milliseconds > 0
        ? $"{name} is {age}; it must be whole seconds between 00:01:00 and 30.00:00:00."
        : null;

    private static string? Unencrypted(string? value, string name) => string.IsNullOrEmpty(value)
        ? null
        : $"{name} is '{value}'; the hub encrypts neither ID tokens nor logout tokens. Leave it out: they are signed, and sent over TLS.";

    private static string? OneOf(string? value, string[] allowed, string name) =>
        string.IsNullOrEmpty(value) || allowed.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"{name} is '{value}'; it must be {string.Join(" or ", allowed)}.";
}
