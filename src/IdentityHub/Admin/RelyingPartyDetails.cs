using IdentityHub.Administration;
using IdentityHub.BackChannelLogout;
using IdentityHub.Revocation;

namespace IdentityHub.Admin;

/// <summary>What the page of one application shows.</summary>
internal sealed record RelyingPartyDetails(
    RelyingPartyState Party,
    IReadOnlyDictionary<DeliveryState, int> Latest,
    IReadOnlyList<LogoutDelivery> Failures,
    LogoutProof? Proof,
    MassRevocation? Ending,
    IReadOnlyList<(string Name, string Value)> Facts)
{
    /// <summary>Whether it is disabled, nothing ends its sessions, and some are live: that was given up.</summary>
    public bool LeftLive { get; init; }

    /// <summary>Whether it has a secret.</summary>
    public bool Confidential { get; init; }

    /// <summary>Until when the secret before is good; null where there is none.</summary>
    public DateTimeOffset? PreviousUntil { get; init; }

    /// <summary>Whether who looks may change it.</summary>
    public bool May { get; init; }

    /// <summary>Whether who looks may have it told again.</summary>
    public bool MayRing { get; init; }

    /// <summary>How many deliveries were rung before this page; null when none were asked for.</summary>
    public int? Rung { get; init; }
}
