namespace IdentityHub.EndToEnd.Statements;

/// <summary>How many statements a request costs on PostgreSQL, exactly: asserted by the tests, printed by the benchmarks.</summary>
internal static class Expected
{
    /// <summary>The session with its person, the relying party, the guarded write.</summary>
    public const int Authorize = 3;

    /// <summary>The relying party, the code with its grant and session, the guarded write.</summary>
    public const int Redeem = 3;

    /// <summary>The relying party, the token with its grant and session, the guarded write.</summary>
    public const int Refresh = 3;

    /// <summary>The relying party, the token with its grant and session.</summary>
    public const int Introspection = 2;

    /// <summary>The token with its grant and session, the person.</summary>
    public const int UserInfo = 2;

    /// <summary>The relying party, the token.</summary>
    public const int ClientCredentials = 2;

    /// <summary>
    /// The session with its person; its lock; its end with that of its grants and tokens; the deliveries; record, feed, audit
    /// and event on one way; and, for the page that follows, the applications.
    /// </summary>
    public const int SignOut = 6;
}
