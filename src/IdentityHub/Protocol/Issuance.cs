using IdentityHub.RelyingParties;

namespace IdentityHub.Protocol;

/// <summary>
/// What one request is about to issue, gathered while the engine works and written at its end in one guarded act: the
/// grant, its tokens, the token it redeems, the relying party's participation in the session.
/// </summary>
internal sealed class Issuance
{
    public Grant? Grant { get; set; }
    public List<IssuedToken> Tokens { get; } = [];

    /// <summary>The code or refresh token that this request uses up; only one request can.</summary>
    public string? RedeemedTokenId { get; set; }

    /// <summary>The session that must be live when it is written; null where no session stands behind it.</summary>
    public Guid? LiveSessionId { get; set; }

    /// <summary>The existing grant that must be valid when it is written.</summary>
    public string? ValidGrantId { get; set; }

    /// <summary>The relying party that is about to receive a code, and must be told when the session ends (I3).</summary>
    public string? ParticipantClientId { get; set; }

    /// <summary>
    /// The person on whose permission it rests; null where none is needed. The permission of <see cref="ParticipantClientId"/>
    /// must stand when it is written: one that was withdrawn meanwhile allows nothing any more.
    /// </summary>
    public Guid? ConsentUserId { get; set; }

    /// <summary>The registration it is issued under, which must still be there when it is written; null where nothing is issued.</summary>
    public string? RegistrationId => Grant?.ApplicationId ?? Tokens.FirstOrDefault()?.ApplicationId;

    /// <summary>The session recorded on the grant and tokens, also where it need not be live any more.</summary>
    public Guid? SessionId { get; set; }
}

/// <summary>How a guarded write ended.</summary>
internal enum IssuanceResult
{
    Recorded,

    /// <summary>The session, the grant, the permission, the redeemed token or the registration was no longer good: nothing was written.</summary>
    Refused,
}
