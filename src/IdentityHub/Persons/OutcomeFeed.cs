using IdentityHub.Pages;
using IdentityHub.Revocation;
using System.Net.ServerSentEvents;

namespace IdentityHub.Persons;

/// <summary>What applications answer to an act that ended sessions, as it comes, for a page that is open.</summary>
internal static class OutcomeFeed
{
    /// <summary>The list of applications each time something in it changes; then that all have answered.</summary>
    /// <param name="forAdministrator">Whether an administrator reads it.</param>
    /// <param name="ask">How it stands; null when whoever watches may not any more.</param>
    /// <param name="services">Of the request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">The request's.</param>
    public static IAsyncEnumerable<SseItem<string>> WatchAsync(
        bool forAdministrator, Func<Task<IReadOnlyList<ApplicationOutcome>?>> ask, IServiceProvider services, TimeProvider time, CancellationToken cancel) =>
        new LiveFragment<OutcomeList, IReadOnlyList<ApplicationOutcome>>
        {
            Ask = ask,
            Parameters = applications => new() { [nameof(OutcomeList.Applications)] = applications, [nameof(OutcomeList.ForAdministrator)] = forAdministrator },
            IsOver = applications => applications.All(a => a.State is not ConfirmationState.Waiting),
            IsSame = (one, other) => one.SequenceEqual(other),
        }.WatchAsync(services, time, cancel);
}
