using IdentityHub.Data;
using IdentityHub.RelyingParties;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.BackChannelLogout;

/// <summary>What is to be known of a relying party to tell it: where, and in which dialect.</summary>
internal sealed record Receiver(string ClientId, string Uri, string Algorithm, LogoutTokenSubject Subject, bool SidRequired)
{
    /// <summary>Those of <paramref name="clientIds"/> that are registered with a receiver, as they are now.</summary>
    public static Task<Dictionary<string, Receiver>> FindAsync(HubDb db, IReadOnlyCollection<string> clientIds) => db.Set<RelyingParty>()
        .Where(r => clientIds.Contains(r.ClientId!) && r.BackChannelLogoutUri != null)
        .Select(r => new Receiver(r.ClientId!, r.BackChannelLogoutUri!, r.IdTokenSignedResponseAlg, r.LogoutTokenSubject, r.BackChannelLogoutSessionRequired))
        .ToDictionaryAsync(r => r.ClientId);
}
