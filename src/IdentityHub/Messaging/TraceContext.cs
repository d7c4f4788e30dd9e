using System.Diagnostics;

namespace IdentityHub.Messaging;

/// <summary>
/// Carries a trace over rows: what is done later, by another loop or another node, belongs to the trace of the act that
/// asked for it (W3C Trace Context).
/// </summary>
internal static class TraceContext
{
    /// <summary>Of a <c>traceparent</c>, version 00.</summary>
    public const int Length = 55;

    public static readonly ActivitySource Source = new("IdentityHub");

    /// <summary>What to write on a row; null where nothing is traced.</summary>
    public static string? Current => Activity.Current is { IdFormat: ActivityIdFormat.W3C, Id: { Length: Length } id } ? id : null;

    /// <summary>
    /// Begins what the row asked for, as a part of its trace; null without one. Also when this node exports no traces: who
    /// is called is told which trace it belongs to.
    /// </summary>
    public static Activity? Continue(string? traceParent, string name, ActivityKind kind)
    {
        if (traceParent is null)
        {
            return null;
        }

        return Source.StartActivity(name, kind, traceParent) ?? new Activity(name).SetParentId(traceParent).Start();
    }
}
