using System.Globalization;

namespace IdentityHub.EndToEnd;

/// <summary>A relying party as the hub's configuration declares it. Null leaves the hub's default.</summary>
internal sealed record RelyingPartySettings(string ClientId, Uri RedirectUri)
{
    /// <summary>Null makes a public client.</summary>
    public string? ClientSecret { get; init; } = "a secret of the tests, known to everybody";

    public IReadOnlyList<Uri> PostLogoutRedirectUris { get; init; } = [];

    public Uri? BackChannelLogoutUri { get; init; }

    public Uri? FrontChannelLogoutUri { get; init; }

    public bool? BackChannelLogoutSessionRequired { get; init; }

    public bool? RequirePkce { get; init; }

    public bool? RequireConsent { get; init; }

    public TimeSpan? DefaultMaxAge { get; init; }

    public string? IdTokenSignedResponseAlg { get; init; }

    public string? LogoutTokenSubject { get; init; }

    public IReadOnlyList<string> Scopes { get; init; } = [];

    public IReadOnlyList<string> Audiences { get; init; } = [];

    public IReadOnlyList<string> GrantTypes { get; init; } = [];

    public IEnumerable<KeyValuePair<string, string?>> ToEnvironment(int index)
    {
        var settings = new Dictionary<string, string?>
        {
            ["ClientId"] = ClientId,
            ["ClientSecret"] = ClientSecret,
            ["DisplayName"] = ClientId,
            ["RedirectUris__0"] = RedirectUri.AbsoluteUri,
            ["BackChannelLogoutUri"] = BackChannelLogoutUri?.AbsoluteUri,
            ["FrontChannelLogoutUri"] = FrontChannelLogoutUri?.AbsoluteUri,
            ["BackChannelLogoutSessionRequired"] = BackChannelLogoutSessionRequired?.ToString(),
            ["RequirePkce"] = RequirePkce?.ToString(),
            ["RequireConsent"] = RequireConsent?.ToString(),
            ["DefaultMaxAge"] = DefaultMaxAge?.ToString(),
            ["IdTokenSignedResponseAlg"] = IdTokenSignedResponseAlg,
            ["LogoutTokenSubject"] = LogoutTokenSubject,
        };
        Add("PostLogoutRedirectUris", PostLogoutRedirectUris.Select(uri => uri.OriginalString));
        Add("Scopes", Scopes);
        Add("Audiences", Audiences);
        Add("GrantTypes", GrantTypes);
        return settings
            .Where(setting => setting.Value is not null)
            .Select(setting => KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"RelyingParties__{index}__{setting.Key}"), setting.Value));

        void Add(string name, IEnumerable<string> values)
        {
            foreach (var (position, value) in values.Index())
            {
                settings[string.Create(CultureInfo.InvariantCulture, $"{name}__{position}")] = value;
            }
        }
    }
}
