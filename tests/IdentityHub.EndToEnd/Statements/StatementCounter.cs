using System.Collections.Concurrent;
using System.Diagnostics;

namespace IdentityHub.EndToEnd.Statements;

/// <summary>
/// Counts the commands that a hub in this process sends to PostgreSQL on behalf of one request: the driver reports each
/// as an activity, and the trace of the request tells them from what the hub does in the background.
/// </summary>
internal sealed class StatementCounter : IDisposable
{
    private readonly ConcurrentQueue<(ActivityTraceId Trace, string What)> _seen = new();
    private readonly ActivityListener _listener;

    public StatementCounter()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "Npgsql" or "Microsoft.AspNetCore",
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name is "Npgsql")
                {
                    _seen.Enqueue((activity.TraceId, activity.GetTagItem("db.query.text") as string ?? activity.DisplayName));
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    /// <summary>What <paramref name="request"/>, which is one request to the hub, made it ask the database.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(Func<Task> request)
    {
        using var trace = new Activity("counted").SetIdFormat(ActivityIdFormat.W3C).Start();
        await request();
        return [.. _seen.Where(s => s.Trace == trace.TraceId).Select(s => s.What)];
    }

    public void Dispose() => _listener.Dispose();
}
