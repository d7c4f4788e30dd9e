using IdentityHub.RelyingParties;

namespace IdentityHub.Administration;

internal enum PartyChange
{
    Done,

    /// <summary>There is no relying party with this client id.</summary>
    NotFound,

    /// <summary>Configuration declares it: that is where it is changed.</summary>
    Declared,

    /// <summary>Somebody else has changed it since it was read.</summary>
    ChangedMeanwhile,

    /// <summary>What was asked for is not acceptable; the refusals say why.</summary>
    Refused,

    /// <summary>It is a public client and has no secret.</summary>
    Public,

    /// <summary>Only a relying party that is disabled is removed.</summary>
    NotDisabled,

    /// <summary>Some of its sessions have not ended.</summary>
    StillEnding,
}

/// <param name="Result">What became of it. Nothing was written unless it is <see cref="PartyChange.Done"/>.</param>
/// <param name="Refusals">What is wrong, member by member.</param>
/// <param name="Secret">The new secret, shown once.</param>
internal sealed record PartyChanged(PartyChange Result, IReadOnlyList<RegistrationRefusal> Refusals, string? Secret = null)
{
    public PartyChanged(PartyChange result)
        : this(result, [])
    {
    }

    public static PartyChanged Refuse(IReadOnlyList<RegistrationRefusal> refusals) => new(PartyChange.Refused, refusals);
}
