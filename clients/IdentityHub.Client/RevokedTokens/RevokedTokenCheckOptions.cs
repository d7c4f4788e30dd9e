namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// How an API that validates JWT access tokens itself learns which of them are worth nothing any more although they have
/// not expired. Checked when the application starts: a wrong value stops the start with a message that names the setting
/// and the fix.
/// </summary>
public sealed class RevokedTokenCheckOptions
{
    /// <summary>
    /// The provider's issuer, for example <c>https://id.example.com</c>; tokens of another issuer are not judged. Must be
    /// https; http is accepted only for a loopback host. Left out, it is the <c>Authority</c> of the JWT bearer scheme.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>The <c>client_id</c> under which this API reads the feed, with the grant <c>client_credentials</c> and the scope <see cref="Scope"/>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>That client's secret.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>The scope to ask for. Default <c>revocation_feed</c>.</summary>
    public string Scope { get; set; } = "revocation_feed";

    /// <summary>
    /// Where the feed is, absolute. Left out, it is what the provider's metadata say as <c>revocation_feed_endpoint</c>.
    /// </summary>
    public string? FeedAddress { get; set; }

    /// <summary>
    /// The longest that an access token of this provider lives. An ended session is remembered for at least as long, and a
    /// token that lives longer is refused, because its end could have been forgotten. It must not exceed the time that the
    /// hub keeps its feed (<c>RevocationFeed:KeepFor</c>, 1 hour). Between 1 minute and 1 day, default 1 hour.
    /// </summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the last word of the feed may be old before the feed counts as behind; the hub says every two seconds that
    /// all is told. A token whose session ends while the feed is cut is accepted for no longer than this. Between 1 second
    /// and 1 hour, default 30 seconds.
    /// </summary>
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What happens to requests while the feed is behind, also before it was ever read. Default <see cref="WhenFeedIsBehind.Refuse"/>.</summary>
    public WhenFeedIsBehind WhenBehind { get; set; } = WhenFeedIsBehind.Refuse;

    /// <summary>
    /// How many ended sessions, and how many persons, are remembered at most, at about 50 bytes each; with more the feed counts as
    /// behind, for what cannot be remembered cannot be refused. Between 1,000 and 50 million, default 5 million.
    /// </summary>
    public int MaxEntries { get; set; } = 5_000_000;
}

/// <summary>The choice between availability and certainty while the feed of ended sessions is behind.</summary>
public enum WhenFeedIsBehind
{
    /// <summary>Requests are answered with 503 and <c>Retry-After</c>: whether a token is still good cannot be said (fail closed).</summary>
    Refuse,

    /// <summary>Tokens are accepted until they expire, unless they are known to be revoked (fail open).</summary>
    Allow,
}
