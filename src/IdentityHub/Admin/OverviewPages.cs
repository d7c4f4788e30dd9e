using IdentityHub.Access;
using IdentityHub.Administration;
using IdentityHub.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace IdentityHub.Admin;

/// <summary><c>/admin</c>: how it stands and how the last day was; what changes appears while the page is open.</summary>
internal static class OverviewPages
{
    public const string LivePath = $"{AdminPaths.Overview}/live";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    public static async Task<RazorComponentResult<OverviewPage>> Get(Overview overview, CancellationToken cancel) => new(new { View = await overview.ReadAsync(cancel) });

    public static ServerSentEventsResult<string> Live(CurrentAdministrator administrator, Overview overview, StillThere still, HttpContext context, TimeProvider time) =>
        TypedResults.ServerSentEvents(new LiveFragment<OverviewFigures, OverviewView>
        {
            Ask = async () => await still.MayAsync(administrator, Capability.ReadRevocations, context.RequestAborted) ? await overview.ReadAsync(context.RequestAborted) : null,
            Parameters = view => new() { [nameof(OverviewFigures.View)] = view },
            IsOver = _ => false,
            // That it grows older is no news.
            IsSame = (one, other) => one.At == other.At,
            Pause = Pause,
        }.WatchAsync(context.RequestServices, time, context.RequestAborted));
}
