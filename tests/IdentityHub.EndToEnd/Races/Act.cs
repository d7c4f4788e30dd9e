namespace IdentityHub.EndToEnd.Races;

/// <summary>What is under way while a session ends.</summary>
public enum Act
{
    Authorize,
    Redeem,
    Refresh,

    /// <summary>Three uses of one refresh token at once: at most one may succeed, and none may survive.</summary>
    RefreshInParallel,
    UserInfo,

    /// <summary>Use of a session that nobody used for half an hour: its idle end is moved.</summary>
    SlideExpiry,

    /// <summary>The person authenticates again in the browser of the session: the cookie is renewed.</summary>
    Reauthenticate,

    /// <summary>The person signs in in another browser, with the password that the revocation changes.</summary>
    SignIn,
}
