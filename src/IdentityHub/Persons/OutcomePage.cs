using IdentityHub.Pages;
using IdentityHub.Revocation;

namespace IdentityHub.Persons;

/// <summary>One page of what became of the applications of an act, and how far all of them are. Pure.</summary>
/// <param name="Applications">Those of this page.</param>
/// <param name="Confirmed">How many of all have confirmed.</param>
/// <param name="Waiting">Whether any of all is still being told.</param>
public sealed record OutcomePage(ListPage<ApplicationOutcome> Applications, int Confirmed, bool Waiting)
{
    /// <param name="confirmations">Of the whole act.</param>
    /// <param name="number">The page that was asked for.</param>
    public static OutcomePage Of(IEnumerable<ConfirmationCount> confirmations, int? number)
    {
        var all = ApplicationOutcome.ByApplication(confirmations);
        return new(ListPage.Of(all, number), all.Count(a => a.State is ConfirmationState.Confirmed), all.Any(a => a.State is ConfirmationState.Waiting));
    }

    /// <summary>Whether both show the same.</summary>
    public bool Shows(OutcomePage other) =>
        (Confirmed, Waiting, Applications.Total) == (other.Confirmed, other.Waiting, other.Applications.Total) && Applications.Items.SequenceEqual(other.Applications.Items);
}
