using System.Diagnostics;

namespace IdentityHub.Pages;

internal static class OutcomeWords
{
    /// <summary>What a page says, and in which tone (<c>good</c>, <c>waiting</c>, <c>bad</c>).</summary>
    public static (string Tone, string Words) Of(OutcomeState state) => state switch
    {
        OutcomeState.Confirmed => ("good", Texts.OutcomeConfirmed),
        OutcomeState.Waiting => ("waiting", Texts.OutcomeWaiting),
        OutcomeState.Refused => ("bad", Texts.OutcomeRefused),
        OutcomeState.Unconfirmed => ("bad", Texts.OutcomeUnconfirmed),
        OutcomeState.Unreachable => ("bad", Texts.OutcomeUnreachable),
        _ => throw new UnreachableException(),
    };
}
