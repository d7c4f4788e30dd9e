namespace IdentityHub.Client.Sessions;

/// <summary>
/// Where an application keeps its sessions. Register another implementation before or after
/// <see cref="IdentityHubSetup.AddIdentityHub"/> to replace <see cref="MemorySessionStore"/>; with more than one node it
/// must be shared by all of them.
/// </summary>
/// <remarks>
/// What must never happen, at any interleaving of any nodes, is that <see cref="FindAsync"/> returns a session after <see cref="EndAsync(LogoutNotice, CancellationToken)"/>
/// or <see cref="EndAsync(string, CancellationToken)"/> that covers it has completed. The simplest way is to make each
/// method one atomic step; <see cref="DistributedSessionStore"/> shows one without. What was ended may be remembered longer
/// than <see cref="LogoutNotice.RememberUntil"/>, never shorter. A store that cannot answer throws:
/// the request then fails, and nobody is taken for signed in or signed out by mistake.
/// </remarks>
public interface ISessionStore
{
    /// <summary>
    /// Stores a new session, unless a logout that was already received covers it: its <see cref="StoredSession.Sid"/> is
    /// remembered as ended, or its subject was ended by a notice whose <see cref="LogoutNotice.IssuedAt"/> is not before
    /// <see cref="StoredSession.IssuedAt"/>.
    /// </summary>
    /// <param name="session">The session; its key is new.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when the session has been ended already: nothing was stored.</returns>
    ValueTask<bool> StoreAsync(StoredSession session, CancellationToken cancellationToken);

    /// <summary>Finds a live session by its key, or returns null when there is none or it has expired.</summary>
    /// <param name="key">See <see cref="StoredSession.Key"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<StoredSession?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Moves the expiry of a live session. It never brings back one that has ended or expired.</summary>
    /// <param name="key">See <see cref="StoredSession.Key"/>.</param>
    /// <param name="expiresAt">The new <see cref="StoredSession.ExpiresAt"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when there is no such live session.</returns>
    ValueTask<bool> ExtendAsync(string key, DateTimeOffset expiresAt, CancellationToken cancellationToken);

    /// <summary>Ends one session, for a person who signs out here. An unknown key is no error.</summary>
    /// <param name="key">See <see cref="StoredSession.Key"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask EndAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Ends what a valid logout token names (Back-Channel Logout 1.0 §2.7) and remembers it: the sessions with its
    /// <see cref="LogoutNotice.Sid"/>, or without one all sessions of its <see cref="LogoutNotice.Subject"/>. Refuses, and
    /// then changes nothing, when the token's <see cref="LogoutNotice.TokenId"/> was used before or when the session
    /// belongs to another subject than the one named.
    /// </summary>
    /// <param name="notice">What to end, from a token that has passed every other check.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<LogoutOutcome> EndAsync(LogoutNotice notice, CancellationToken cancellationToken);
}
