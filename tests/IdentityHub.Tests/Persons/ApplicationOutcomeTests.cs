using IdentityHub.Pages;
using IdentityHub.Persons;
using IdentityHub.Revocation;
using Xunit;

namespace IdentityHub.Tests.Persons;

public sealed class ApplicationOutcomeTests
{
    public static TheoryData<ConfirmationState[], ConfirmationState, string> Cases => new()
    {
        { [ConfirmationState.Confirmed], ConfirmationState.Confirmed, "Confirmed" },
        { [ConfirmationState.Confirmed, ConfirmationState.Confirmed], ConfirmationState.Confirmed, "Confirmed" },
        { [ConfirmationState.Waiting, ConfirmationState.Waiting], ConfirmationState.Waiting, "Has not confirmed yet, we keep trying" },
        { [ConfirmationState.Confirmed, ConfirmationState.Waiting], ConfirmationState.Waiting, "1 of 2 sessions confirmed. Has not confirmed yet, we keep trying" },
        { [ConfirmationState.Confirmed, ConfirmationState.Refused, ConfirmationState.Waiting], ConfirmationState.Refused, "1 of 3 sessions confirmed. Refused: sign out there as well" },
        { [ConfirmationState.Unconfirmed, ConfirmationState.Waiting], ConfirmationState.Unconfirmed, "Never answered: sign out there as well" },
        { [ConfirmationState.Unreachable], ConfirmationState.Unreachable, "Cannot be told: sign out there as well" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void One_application_in_many_sessions_is_shown_once_and_never_better_than_its_worst(ConfirmationState[] states, ConfirmationState state, string words)
    {
        var outcome = Assert.Single(ApplicationOutcome.ByApplication(states.Select(s => new Confirmation("Notes", s))));

        Assert.Equal((state, words), (outcome.State, outcome.Words));
    }

    [Fact]
    public void Applications_stay_apart_and_in_order() => Assert.Equal(
        ["Bank", "Notes"],
        ApplicationOutcome.ByApplication([new("Bank", ConfirmationState.Waiting), new("Notes", ConfirmationState.Confirmed), new("Bank", ConfirmationState.Waiting)]).Select(o => o.Application));

    [Fact]
    public void Every_state_has_its_words() =>
        Assert.Equal(Enum.GetValues<ConfirmationState>().Length, Enum.GetValues<ConfirmationState>().Select(s => OutcomeWords.Of((OutcomeState)s).Words).Distinct().Count());
}
