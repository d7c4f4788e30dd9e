using IdentityHub.Pages;
using IdentityHub.Revocation;

namespace IdentityHub.Persons;

/// <summary>What became of one application in all the sessions that an act ended. Pure.</summary>
/// <param name="ClientId">The application.</param>
/// <param name="Application">Its name.</param>
/// <param name="State">The state that says most about what is left to do: never better than any of the sessions' (I8).</param>
/// <param name="Sessions">In how many of the ended sessions it was open.</param>
/// <param name="Confirmed">For how many of those it confirmed.</param>
public sealed record ApplicationOutcome(string ClientId, string Application, ConfirmationState State, int Sessions, int Confirmed)
{
    /// <summary>Whether a session of it is left that the hub has stopped telling it of.</summary>
    public bool Unanswered => State is ConfirmationState.Refused or ConfirmationState.Unconfirmed;

    public OutcomeState Outcome => (OutcomeState)State;

    public string Words => Sessions == 1 || Confirmed == Sessions || Confirmed == 0
        ? OutcomeWords.Of(Outcome).Words
        : Texts.OutcomePartly.With(Confirmed, Sessions, OutcomeWords.Of(Outcome).Words);

    /// <summary>Those first that did not answer, or refused: they are what is left to do. Then by name.</summary>
    public static IReadOnlyList<ApplicationOutcome> ByApplication(IEnumerable<ConfirmationCount> confirmations) =>
    [
        .. confirmations.GroupBy(c => c.ClientId)
            .Select(a => new ApplicationOutcome(
                a.Key, a.First().Application, a.Select(c => c.State).MaxBy(Weight), a.Sum(c => c.Sessions), a.Where(c => c.State is ConfirmationState.Confirmed).Sum(c => c.Sessions)))
            .OrderByDescending(a => a.Unanswered).ThenBy(a => a.Application, StringComparer.CurrentCultureIgnoreCase).ThenBy(a => a.ClientId, StringComparer.Ordinal),
    ];

    private static int Weight(ConfirmationState state) => state switch
    {
        ConfirmationState.Confirmed => 0,
        ConfirmationState.Waiting => 1,
        ConfirmationState.Unreachable => 2,
        ConfirmationState.Unconfirmed => 3,
        ConfirmationState.Refused => 4,
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
