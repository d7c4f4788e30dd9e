using System.Diagnostics;

namespace IdentityHub.Revocation;

internal static class ConfirmationWords
{
    /// <summary>What a page says of one application, and in which tone (<c>good</c>, <c>waiting</c>, <c>bad</c>).</summary>
    public static (string Tone, string Words) Of(ConfirmationState state) => state switch
    {
        ConfirmationState.Confirmed => ("good", "Confirmed"),
        ConfirmationState.Waiting => ("waiting", "Has not confirmed yet, we keep trying"),
        ConfirmationState.Refused => ("bad", "Refused: sign out there as well"),
        ConfirmationState.Unconfirmed => ("bad", "Never answered: sign out there as well"),
        ConfirmationState.Unreachable => ("bad", "Cannot be told: sign out there as well"),
        _ => throw new UnreachableException(),
    };
}
