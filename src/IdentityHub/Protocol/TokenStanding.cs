using IdentityHub.RelyingParties;

namespace IdentityHub.Protocol;

/// <summary>What the database said, in this request, of the tokens that were looked up: their grants and sessions.</summary>
internal sealed class TokenStanding
{
    private readonly Dictionary<string, (Grant? Grant, bool SessionLive, bool CutOff)> _known = [];

    public void Learn(IssuedToken token, Grant? grant, bool sessionLive, bool cutOff) =>
        _known[token.Id!] = (grant, sessionLive, cutOff);

    public Grant? FindGrant(string id) => _known.Values.FirstOrDefault(k => k.Grant?.Id == id).Grant;

    /// <summary>Whether the token may outlive its session: it has consent to <c>offline_access</c>, from after every cut-off.</summary>
    public bool Outlives(string? tokenId) =>
        tokenId is not null && _known.TryGetValue(tokenId, out var known) && known is { Grant.Offline: true, CutOff: false };

    /// <summary>Whether the session that a token was issued in is live. False for a token nobody looked up: fail closed.</summary>
    public bool SessionLive(string? tokenId) => tokenId is not null && _known.TryGetValue(tokenId, out var known) && known.SessionLive;
}
