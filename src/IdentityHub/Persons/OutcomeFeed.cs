using IdentityHub.Pages;
using System.Net.ServerSentEvents;

namespace IdentityHub.Persons;

/// <summary>What applications answer to an act that ended sessions, as it comes, for a page that is open.</summary>
internal static class OutcomeFeed
{
    /// <summary>A page of the applications each time something in it changes, or in how many have answered; then that all have.</summary>
    /// <param name="forAdministrator">Whether an administrator reads it.</param>
    /// <param name="ask">How it stands; null when whoever watches may not any more.</param>
    /// <param name="services">Of the request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">The request's.</param>
    public static IAsyncEnumerable<SseItem<string>> WatchAsync(
        bool forAdministrator, Func<Task<OutcomePage?>> ask, IServiceProvider services, TimeProvider time, CancellationToken cancel) =>
        new LiveFragment<OutcomeList, OutcomePage>
        {
            Ask = ask,
            Parameters = page => new() { [nameof(OutcomeList.Page)] = page, [nameof(OutcomeList.ForAdministrator)] = forAdministrator },
            IsOver = page => !page.Waiting,
            IsSame = (one, other) => one.Shows(other),
        }.WatchAsync(services, time, cancel);
}
