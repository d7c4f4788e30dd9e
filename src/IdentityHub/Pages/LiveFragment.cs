using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace IdentityHub.Pages;

/// <summary>A part of an open page that is sent anew each time what it shows has changed, as an event stream (HTML §9.2).</summary>
/// <typeparam name="TComponent">What shows it.</typeparam>
/// <typeparam name="TState">What is shown.</typeparam>
internal sealed class LiveFragment<TComponent, TState>
    where TComponent : IComponent
    where TState : class
{
    // What comes later comes minutes apart; the browser connects again by itself if the page is still open.
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(5);

    /// <summary>How it stands; null when it is gone, or when whoever watches may not any more. Asked before each look, and nothing is sent without it.</summary>
    public required Func<Task<TState?>> Ask { get; init; }

    /// <summary>The parameters of the component.</summary>
    public required Func<TState, Dictionary<string, object?>> Parameters { get; init; }

    /// <summary>Whether nothing will change any more.</summary>
    public required Func<TState, bool> IsOver { get; init; }

    /// <summary>Whether two of them show the same.</summary>
    public Func<TState, TState, bool> IsSame { get; init; } = static (one, other) => one.Equals(other);

    /// <summary>Between two looks; default half a second.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The event <c>state</c> with the HTML of each state, then <c>over</c> if it comes to that.</summary>
    /// <param name="services">Of the request.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancel">The request's.</param>
    public async IAsyncEnumerable<SseItem<string>> WatchAsync(IServiceProvider services, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var started = time.GetTimestamp();
        TState? shown = null;
        while (time.GetElapsedTime(started) < LongestWatch && await Ask() is { } current)
        {
            if (shown is null || !IsSame(current, shown))
            {
                shown = current;
                yield return new(await HtmlAsync(renderer, current), "state");
            }

            if (IsOver(current))
            {
                yield return new("", "over");
                yield break;
            }

            await Task.Delay(Pause, time, cancel);
        }
    }

    private Task<string> HtmlAsync(HtmlRenderer renderer, TState state) => renderer.Dispatcher.InvokeAsync(async () =>
        (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(Parameters(state)))).ToHtmlString());
}
