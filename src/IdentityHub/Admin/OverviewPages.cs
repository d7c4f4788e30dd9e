using IdentityHub.Access;
using IdentityHub.Administration;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http.HttpResults;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;

namespace IdentityHub.Admin;

/// <summary><c>/admin</c>: how it stands and how the last day was; what changes appears while the page is open.</summary>
internal static class OverviewPages
{
    public const string LivePath = $"{AdminPaths.Overview}/live";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromMinutes(5);

    public static async Task<RazorComponentResult<OverviewPage>> Get(Overview overview, CancellationToken cancel) => new(new { View = await overview.ReadAsync(cancel) });

    public static ServerSentEventsResult<string> Live(CurrentAdministrator administrator, Overview overview, StillThere still, HttpContext context, TimeProvider time) =>
        TypedResults.ServerSentEvents(WatchAsync(administrator, overview, still, context.RequestServices, time, context.RequestAborted));

    private static async IAsyncEnumerable<SseItem<string>> WatchAsync(
        CurrentAdministrator administrator, Overview overview, StillThere still, IServiceProvider services, TimeProvider time, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var started = time.GetTimestamp();
        DateTimeOffset? shown = null;
        while (time.GetElapsedTime(started) < LongestWatch && await still.MayAsync(administrator, Capability.ReadRevocations, cancel))
        {
            var view = await overview.ReadAsync(cancel);
            if (view.At != shown)
            {
                shown = view.At;
                yield return new(await HtmlAsync(renderer, view), "state");
            }

            await Task.Delay(Pause, time, cancel);
        }
    }

    private static Task<string> HtmlAsync(HtmlRenderer renderer, OverviewView view) => renderer.Dispatcher.InvokeAsync(async () =>
        (await renderer.RenderComponentAsync<OverviewFigures>(ParameterView.FromDictionary(new Dictionary<string, object?> { [nameof(OverviewFigures.View)] = view }))).ToHtmlString());
}
