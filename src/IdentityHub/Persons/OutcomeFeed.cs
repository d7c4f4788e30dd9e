using IdentityHub.Revocation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace IdentityHub.Persons;

/// <summary>What applications answer to an act that ended sessions, as it comes, for a page that is open.</summary>
internal static class OutcomeFeed
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    // Later answers are minutes apart (the retry rule); the browser connects again by itself if the page is still open.
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(5);

    /// <summary>The list of applications each time something in it changes; then that all have answered.</summary>
    /// <param name="forAdministrator">Whether an administrator reads it.</param>
    /// <param name="ask">How it stands; null when whoever watches may not any more.</param>
    /// <param name="services">Of the request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">The request's.</param>
    public static async IAsyncEnumerable<SseItem<string>> WatchAsync(
        bool forAdministrator, Func<Task<IReadOnlyList<ApplicationOutcome>?>> ask, IServiceProvider services, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var started = time.GetTimestamp();
        IReadOnlyList<ApplicationOutcome>? shown = null;
        while (time.GetElapsedTime(started) < LongestWatch)
        {
            if (await ask() is not { } current)
            {
                yield break;
            }

            if (shown is null || !current.SequenceEqual(shown))
            {
                shown = current;
                yield return new(await HtmlAsync(renderer, forAdministrator, current), "state");
            }

            if (current.All(a => a.State is not ConfirmationState.Waiting))
            {
                yield return new("", "over");
                yield break;
            }

            await Task.Delay(Pause, time, cancel);
        }
    }

    private static Task<string> HtmlAsync(HtmlRenderer renderer, bool forAdministrator, IReadOnlyList<ApplicationOutcome> applications) => renderer.Dispatcher.InvokeAsync(async () =>
    {
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(OutcomeList.Applications)] = applications, [nameof(OutcomeList.ForAdministrator)] = forAdministrator });
        return (await renderer.RenderComponentAsync<OutcomeList>(parameters)).ToHtmlString();
    });
}
