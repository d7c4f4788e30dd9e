namespace IdentityHub.Contracts;

/// <summary>
/// One act of revocation has been committed: the listed sessions are over at the hub, on every node, from the
/// moment in <see cref="RevokedAt"/> on. Published at least once, after the commit; a consumer that has seen
/// <see cref="RevocationId"/> before may ignore the repetition.
/// </summary>
/// <param name="RevocationId">Identifies the act. The same value on every repetition of the event.</param>
/// <param name="Reason">Why the sessions ended, in snake case, for example <c>signed_out</c> or <c>password_changed</c>. New values may appear; treat an unknown one as "ended".</param>
/// <param name="Subject">The <c>sub</c> of the person (OpenID Connect Core §2).</param>
/// <param name="Sids">The <c>sid</c> of every session that ended (Back-Channel Logout 1.0 §2.1). At least one, except where only long-lived grants ended.</param>
/// <param name="RevokedAt">The instant of the revocation, UTC.</param>
public sealed record SessionsRevoked(
    Guid RevocationId,
    string Reason,
    string Subject,
    IReadOnlyList<string> Sids,
    DateTimeOffset RevokedAt);
