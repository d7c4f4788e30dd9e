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
        var outcome = Assert.Single(ApplicationOutcome.ByApplication(states.CountBy(s => s).Select(s => new ConfirmationCount("notes", "Notes", s.Key, s.Value))));

        Assert.Equal((state, words), (outcome.State, outcome.Words));
    }

    [Fact]
    public void Applications_stay_apart_also_those_of_one_name_and_those_that_are_left_to_do_are_first() => Assert.Equal(
        [("tasks", 1), ("alarm", 1), ("bank", 3), ("notes", 1), ("notes-2", 1)],
        ApplicationOutcome.ByApplication(
        [
            new("notes-2", "Notes", ConfirmationState.Confirmed, 1), new("notes", "Notes", ConfirmationState.Unreachable, 1), new("bank", "Bank", ConfirmationState.Waiting, 1),
            new("bank", "Bank", ConfirmationState.Confirmed, 2), new("alarm", "alarm", ConfirmationState.Waiting, 1), new("tasks", "Tasks", ConfirmationState.Refused, 1),
        ]).Select(o => (o.ClientId, o.Sessions)));

    [Theory]
    [InlineData(0, null, 1, 1, 0)]
    [InlineData(25, 2, 1, 1, 25)]
    [InlineData(26, null, 1, 2, 25)]
    [InlineData(26, 2, 2, 2, 1)]
    [InlineData(26, 0, 1, 2, 25)]
    [InlineData(26, int.MaxValue, 2, 2, 1)]
    [InlineData(26, int.MinValue, 1, 2, 25)]
    public void A_page_is_one_of_those_that_there_are(int all, int? asked, int number, int last, int shown)
    {
        var page = ListPage.Of([.. Enumerable.Range(0, all)], asked);

        Assert.Equal((number, last, all, shown), (page.Number, page.Last, page.Total, page.Items.Count));
        Assert.Equal(Enumerable.Range((number - 1) * ListPage.Size, shown), page.Items);
    }

    [Fact]
    public void Every_state_has_its_words() =>
        Assert.Equal(Enum.GetValues<ConfirmationState>().Length, Enum.GetValues<ConfirmationState>().Select(s => OutcomeWords.Of((OutcomeState)s).Words).Distinct().Count());
}
