using static OpenIddict.Abstractions.OpenIddictConstants;

namespace IdentityHub.RelyingParties;

/// <summary>What a registration may contain. Pure; each refusal names the member and the fix.</summary>
internal static class RegistrationRules
{
    /// <summary>The scope of the revocation feed, which is for applications themselves and never for a person's token.</summary>
    public const string FeedScope = "revocation_feed";

    private const int LongestName = 100;

    private static readonly string[] KnownGrantTypes = [GrantTypes.AuthorizationCode, GrantTypes.RefreshToken, GrantTypes.ClientCredentials];
    private static readonly string[] KnownAlgorithms = ["RS256", "ES256"];

    /// <summary>The first thing wrong with it, null when it is acceptable.</summary>
    /// <param name="registration">What was asked for.</param>
    /// <param name="addresses">Which addresses may be connected to.</param>
    /// <param name="development">Plain http is accepted on loopback only, and only then (RFC 9700 §2.6).</param>
    /// <param name="named">How the caller calls a member: <c>RelyingParties:0:RedirectUris</c>, <c>--redirect-uri</c>.</param>
    public static string? Refusal(Registration registration, AddressRule addresses, bool development, Func<string, string> named) =>
        Refusals(registration, addresses, development, named).FirstOrDefault()?.Words;

    /// <summary>Everything that is wrong with it, of each member the first thing; parameters as above.</summary>
    public static IEnumerable<RegistrationRefusal> Refusals(Registration registration, AddressRule addresses, bool development, Func<string, string> named) =>
        Found(registration, addresses, development, named).Where(found => found.Flaw is not null)
            .Select(found => new RegistrationRefusal(found.Member, found.Flaw!)).DistinctBy(refusal => refusal.Member);

    private static IEnumerable<(string Member, RegistrationFlaw? Flaw)> Found(Registration r, AddressRule addresses, bool development, Func<string, string> named)
    {
        var (grants, web) = (r.EffectiveGrantTypes, r.IsConfidential);
        yield return (nameof(r.ClientId), ClientId(r.ClientId, named(nameof(r.ClientId))));
        yield return (nameof(r.DisplayName), r.DisplayName?.Length > LongestName || r.DisplayName?.Any(char.IsControl) == true
            ? new(RegistrationFault.NameTooLong, $"{named(nameof(r.DisplayName))} must be at most {LongestName} characters, none of them a control character.", $"{LongestName}")
            : null);
        yield return (nameof(r.GrantTypes), grants.FirstOrDefault(g => !KnownGrantTypes.Contains(g)) is { } unknown
            ? new(RegistrationFault.GrantTypeUnknown, $"{named(nameof(r.GrantTypes))} has '{unknown}'; it may have {string.Join(", ", KnownGrantTypes)}.", unknown, string.Join(", ", KnownGrantTypes))
            : null);
        yield return (nameof(r.ClientSecret), grants.Contains(GrantTypes.ClientCredentials) && !web
            ? new(RegistrationFault.SecretMissing, $"{named(nameof(r.ClientSecret))} is missing; client_credentials needs a secret (RFC 6749 §4.4).")
            : null);
        yield return (nameof(r.Scopes), r.Scopes.Contains(FeedScope) && !grants.Contains(GrantTypes.ClientCredentials)
            ? new(
                RegistrationFault.FeedScopeAlone,
                $"{named(nameof(r.Scopes))} has '{FeedScope}', which an application asks for with client_credentials; add that to {named(nameof(r.GrantTypes))}.", FeedScope)
            : null);
        yield return (nameof(r.RedirectUris), grants.Contains(GrantTypes.AuthorizationCode) && r.RedirectUris.Count == 0
            ? new(RegistrationFault.RedirectUriMissing, $"{named(nameof(r.RedirectUris))} is empty; authorization_code needs at least one redirect URI.")
            : null);
        yield return (nameof(r.RedirectUris), First(r.RedirectUris, u => UriRule.Redirect(u, web, development, named(nameof(r.RedirectUris)))));
        yield return (nameof(r.PostLogoutRedirectUris), First(r.PostLogoutRedirectUris, u => UriRule.Redirect(u, web, development, named(nameof(r.PostLogoutRedirectUris)))));
        yield return (nameof(r.BackChannelLogoutUri), UriRule.BackChannel(r.BackChannelLogoutUri, addresses, development, named(nameof(r.BackChannelLogoutUri))));
        yield return (nameof(r.FrontChannelLogoutUri), UriRule.FrontChannel(r.FrontChannelLogoutUri, r.RedirectUris, development, named(nameof(r.FrontChannelLogoutUri))));
        // The hub opens it, as it does the address for logout tokens.
        yield return (nameof(r.TestUri), UriRule.BackChannel(r.TestUri, addresses, development, named(nameof(r.TestUri))));
        yield return (nameof(r.IdTokenSignedResponseAlg), OneOf(r.IdTokenSignedResponseAlg, KnownAlgorithms, named(nameof(r.IdTokenSignedResponseAlg))));
        yield return (nameof(r.LogoutTokenSubject), OneOf(r.LogoutTokenSubject, Enum.GetNames<LogoutTokenSubject>(), named(nameof(r.LogoutTokenSubject))));
        yield return (nameof(r.Audiences), Audiences(r.Audiences, named(nameof(r.Audiences))));
        yield return (nameof(r.DefaultMaxAge), Age(r.DefaultMaxAge, named(nameof(r.DefaultMaxAge))));
        yield return (nameof(r.IdTokenEncryptedResponseAlg), Unencrypted(r.IdTokenEncryptedResponseAlg, named(nameof(r.IdTokenEncryptedResponseAlg))));
        yield return (nameof(r.IdTokenEncryptedResponseEnc), Unencrypted(r.IdTokenEncryptedResponseEnc, named(nameof(r.IdTokenEncryptedResponseEnc))));
        yield return (nameof(r.GiveUpAfter), r.GiveUpAfter is { TotalSeconds: < 60 or > 30 * 86400 } span
            ? new(RegistrationFault.GiveUpOutOfRange, $"{named(nameof(r.GiveUpAfter))} is {span}; it must be between 1 minute and 30 days.", $"{span}")
            : null);
        yield return (nameof(r.Scopes), r.Scopes.FirstOrDefault(s => s.Length == 0 || s.Any(c => c is < '!' or > '~' or '"' or '\\')) is { } scope
            ? new(RegistrationFault.ScopeCharacters, $"{named(nameof(r.Scopes))} has '{scope}'; a scope is visible ASCII without spaces, quotes or backslashes (RFC 6749 §3.3).", scope)
            : null);
    }

    private static RegistrationFlaw? ClientId(string id, string name) => id.Length is 0 or > 100 || id.Any(c => c is < '!' or > '~')
        ? new(RegistrationFault.ClientIdCharacters, $"{name} is '{id}'; it must be 1 to 100 visible ASCII characters without spaces.", id)
        : Guid.TryParse(id, out _)
            ? new(RegistrationFault.ClientIdOfPerson, $"{name} is '{id}'; it must not look like a person's identifier (RFC 9700 §4.15.1). Use a name such as 'notes'.", id)
            : null;

    private static RegistrationFlaw? First(IEnumerable<string> values, Func<string, RegistrationFlaw?> flaw) => values.Select(flaw).FirstOrDefault(r => r is not null);

    private static RegistrationFlaw? Audiences(IList<string> audiences, string name) =>
        audiences.FirstOrDefault(a => a.Length is 0 or > 200 || a.Any(c => c is < '!' or > '~')) is { } audience
            ? new(
                RegistrationFault.AudienceCharacters,
                $"{name} has '{audience}'; an audience is 1 to 200 visible ASCII characters without spaces, such as https://api.example.com.", audience)
            : audiences.Count > 8 ? new(RegistrationFault.AudiencesTooMany, $"{name} has {audiences.Count} entries; it may have 8.", $"{audiences.Count}") : null;

    private static RegistrationFlaw? Age(TimeSpan? age, string name) => age < TimeSpan.FromMinutes(1) || age > TimeSpan.FromDays(30) || age?.Milliseconds > 0
        ? new(RegistrationFault.AgeOutOfRange, $"{name} is {age}; it must be whole seconds between 00:01:00 and 30.00:00:00.", $"{age}")
        : null;

    private static RegistrationFlaw? Unencrypted(string? value, string name) => string.IsNullOrEmpty(value)
        ? null
        : new(RegistrationFault.Encrypted, $"{name} is '{value}'; the hub encrypts neither ID tokens nor logout tokens. Leave it out: they are signed, and sent over TLS.", value);

    private static RegistrationFlaw? OneOf(string? value, string[] allowed, string name) =>
        string.IsNullOrEmpty(value) || allowed.Contains(value, StringComparer.OrdinalIgnoreCase)
            ? null
            : new(RegistrationFault.NoneOf, $"{name} is '{value}'; it must be {string.Join(" or ", allowed)}.", value, string.Join(", ", allowed));
}
