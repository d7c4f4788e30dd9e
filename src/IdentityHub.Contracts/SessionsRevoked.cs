using System.Text.Json.Serialization;

namespace IdentityHub.Contracts;

/// <summary>
/// One act of revocation has been committed: the listed sessions are over at the hub, on every node, from the
/// moment in <see cref="RevokedAt"/> on. Published at least once, after the commit; a consumer that has seen
/// <see cref="RevocationId"/> before may ignore the repetition.
/// </summary>
/// <remarks>
/// <para>On RabbitMQ it is published to the durable fanout exchange <see cref="Exchange"/>, persistent, without a
/// routing key: bind a queue of your own to the exchange; what is published while no queue is bound reaches nobody.
/// Events of different acts may arrive in another order than they happened.</para>
/// <para>The body is this record and nothing around it, as JSON in UTF-8 (<c>content_type: application/json</c>) with
/// camel-case names; the AMQP <c>message_id</c> stays the same on every repetition:</para>
/// <code language="json">
/// {
///   "revocationId": "01932f6e-8a4c-7d11-9a50-3c6f0b8e2d47",
///   "reason": "signed_out",
///   "subject": "01932f6d-1b2a-7c43-8f21-5d9e4a7b6c10",
///   "sids": ["kq0mJ0oJ2yV3r1cXo8x9Zt6uYw4sBn5a"],
///   "revokedAt": "2026-11-24T06:12:30.123456+00:00",
///   "allTokens": false
/// }
/// </code>
/// <para>Members may be added; a consumer ignores those it does not know. A change that would break a consumer gets
/// another exchange, and this one goes on.</para>
/// </remarks>
/// <param name="RevocationId">Identifies the act. The same value on every repetition of the event.</param>
/// <param name="Reason">Why the sessions ended, in snake case, for example <c>signed_out</c> or <c>password_changed</c>. New values may appear; treat an unknown one as "ended".</param>
/// <param name="Subject">The <c>sub</c> of the person (OpenID Connect Core §2).</param>
/// <param name="Sids">The <c>sid</c> of every session that ended (Back-Channel Logout 1.0 §2.1). At least one, except where only grants of applications ended.</param>
/// <param name="RevokedAt">The instant of the revocation, UTC.</param>
/// <param name="AllTokens">Whether every token of the person that was issued up to <paramref name="RevokedAt"/> is worth nothing, also those of sessions that live on and of grants with <c>offline_access</c>.</param>
/// <param name="ClientId">The one application whose access ended, while the sessions of the person go on; absent where the act is not about one application.</param>
public sealed record SessionsRevoked(
    Guid RevocationId,
    string Reason,
    string Subject,
    IReadOnlyList<string> Sids,
    DateTimeOffset RevokedAt,
    bool AllTokens = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ClientId = null)
{
    /// <summary>The name of the exchange on the broker: <c>identityhub.sessions-revoked</c>. It never changes.</summary>
    public const string Exchange = "identityhub.sessions-revoked";
}
