using System.Globalization;
using System.Text;

namespace IdentityHub.Benchmarks;

/// <summary>The table: medians over the runs, with the machine they were taken on. Nothing here is asserted.</summary>
internal sealed class Report(Options options)
{
    private readonly StringBuilder _rows = new();

    public void Throughput(Work work, List<Throughput.Run> runs) => Row(
        work.Title,
        $"{Median(runs.Select(r => r.PerSecond)):0}/s ({runs.Min(r => r.PerSecond):0}–{runs.Max(r => r.PerSecond):0})",
        $"{Median(runs.Select(r => r.HubMilliseconds)):0.00} + {Median(runs.Select(r => r.PostgresMilliseconds)):0.00} ms",
        $"{work.Statements}");

    public void Latency(List<(double P50, double P99)> runs) => Row(
        "Commit to confirmation, a session with five relying parties, at rest",
        $"p50 {Median(runs.Select(r => r.P50)):0.0} ms, p99 {Median(runs.Select(r => r.P99)):0.0} ms",
        $"–",
        $"–");

    public void SignIn(List<SignIn.Run> runs) => Row(
        "Sign-in with a wrong password: to an account; to none",
        $"median {Median(runs.Select(r => r.Known)):0.0} ms; {Median(runs.Select(r => r.Unknown)):0.0} ms: ratio {Median(runs.Select(r => r.Ratio)):0.000} ({runs.Min(r => r.Ratio):0.000}–{runs.Max(r => r.Ratio):0.000}); one half of the former against the other {runs.Min(r => r.Noise):0.000}–{runs.Max(r => r.Noise):0.000}",
        $"–",
        $"–");

    public void Check(List<double> nanoseconds, double bytes) => Row(
        "Revoked-token check of an API, one million ended sessions",
        $"{Median(nanoseconds):0} ns ({nanoseconds.Min():0}–{nanoseconds.Max():0}), {bytes:0.0} bytes per ended session",
        $"–",
        $"–");

    public void Deliveries(string algorithm, List<Throughput.Run> ours, List<double> limit) => Row(
        $"Deliveries, commit to confirmed row, {algorithm}; beside it the bare loop of signing and posting",
        $"{Median(ours.Select(r => r.PerSecond)):0}/s ({ours.Min(r => r.PerSecond):0}–{ours.Max(r => r.PerSecond):0}) of {Median(limit):0}/s ({limit.Min():0}–{limit.Max():0}): {Median(ours.Zip(limit, (a, b) => a.PerSecond / b)):0.00} of the limit",
        $"{Median(ours.Select(r => r.HubMilliseconds)):0.00} + {Median(ours.Select(r => r.PostgresMilliseconds)):0.00} ms",
        $"–");

    public void Peer(string peer, string algorithm, List<Departures.Run> ours, List<Departures.Run> theirs)
    {
        Row(
            $"Deliveries of sign-outs, {algorithm}; beside it {peer} with its in-memory adapter",
            $"{Median(ours.Select(r => r.PerSecond)):0}/s ({ours.Min(r => r.PerSecond):0}–{ours.Max(r => r.PerSecond):0}) and {Median(theirs.Select(r => r.PerSecond)):0}/s ({theirs.Min(r => r.PerSecond):0}–{theirs.Max(r => r.PerSecond):0}): {Median(ours.Zip(theirs, (a, b) => a.PerSecond / b.PerSecond)):0.00} of the peer's, goal at least 2",
            $"{Median(ours.Select(r => r.HubMilliseconds)):0.00} + {Median(ours.Select(r => r.PostgresMilliseconds)):0.00} ms; peer {Median(theirs.Select(r => r.HubMilliseconds)):0.00} ms: {Median(ours.Zip(theirs, (a, b) => a.CpuMilliseconds / b.CpuMilliseconds)):0.00}",
            $"–");
        Row(
            $"Sign-out to the last of five logout tokens, {algorithm}; beside it {peer}",
            $"{Waits(ours.Select(r => r.Last))} and {Waits(theirs.Select(r => r.Last))}: {Median(ours.Zip(theirs, (a, b) => a.Last.P50 / b.Last.P50)):0.00} and {Median(ours.Zip(theirs, (a, b) => a.Last.P99 / b.Last.P99)):0.00} of the peer's, goal at most 1",
            $"–",
            $"–");
    }

    public void PeerHanging(string peer, List<(Departures.Waits First, Departures.Waits Known, Departures.Waits Peer)> runs)
    {
        Hanging("before the hub knows", runs.Select(r => (r.First, r.Peer)));
        Hanging("once the hub knows", runs.Select(r => (r.Known, r.Peer)));

        void Hanging(string when, IEnumerable<(Departures.Waits Ours, Departures.Waits Peer)> waits) => Row(
            $"Sign-out answered while one of five applications hangs, {when}; beside it {peer}",
            $"{Waits(waits.Select(w => w.Ours))} and {Waits(waits.Select(w => w.Peer))}: {Median(waits.Select(w => w.Peer.P50 / w.Ours.P50)):0.0} and {Median(waits.Select(w => w.Peer.P99 / w.Ours.P99)):0.0} times sooner, goal at least 10",
            $"–",
            $"–");
    }

    public void Growth(long sessions, Growth.Figures now, Growth.Figures few, double bytes) => Row(
        string.Create(CultureInfo.InvariantCulture, $"Among {sessions:N0} live sessions"),
        $"silent authorize {now.Check:0.0} ms ({now.Check / few.Check:0.00}), my sessions {now.List:0.0} ms ({now.List / few.List:0.00}), sign-in {now.SignIn:0.0} ms ({now.SignIn / few.SignIn:0.00}), end everything {now.End:0.0} ms ({now.End / few.End:0.00}), commit to confirmation {now.Confirmed:0.0} ms ({now.Confirmed / few.Confirmed:0.00}); {bytes:0} bytes a session with two applications",
        $"–",
        $"–");

    public void Plans(long sessions, Plans.Seen seen) => Row(
        string.Create(CultureInfo.InvariantCulture, $"Each of these once among {sessions:N0} live sessions"),
        $"most rows of one step of a plan {seen.MostRows:0}; read from the beginning: {(seen.Scanned.Count == 0 ? "no table" : string.Join(", ", seen.Scanned))}",
        $"–",
        $"{seen.Statements}");

    public void AdminPage(string address, long people, double p50, double p95) => Row(string.Create(CultureInfo.InvariantCulture, $"`{address}`, {people:N0} people"), $"p50 {p50:0} ms, p95 {p95:0} ms", $"–", $"–");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {Environment.ProcessorCount} processors ({Processor()}), {Environment.OSVersion}, .NET {Environment.Version}; hub, PostgreSQL (fsync on), relying
        parties and load share them. {options.Runs} runs of {options.Each.TotalSeconds:0} s, {options.Connections} requests at a time; medians, in brackets least and most.

        | Work | Figure | CPU per operation: hub + PostgreSQL | SQL statements |
        |---|---|---|---|
        {_rows}
        """);

    private void Row(string title, FormattableString figure, FormattableString cpu, FormattableString statements) =>
        _rows.AppendLine(FormattableString.Invariant($"| {title} | {figure.ToString(CultureInfo.InvariantCulture)} | {cpu.ToString(CultureInfo.InvariantCulture)} | {statements.ToString(CultureInfo.InvariantCulture)} |"));

    private static string Waits(IEnumerable<Departures.Waits> waits) =>
        string.Create(CultureInfo.InvariantCulture, $"p50 {Median(waits.Select(w => w.P50)):0.0} ms, p99 {Median(waits.Select(w => w.P99)):0.0} ms");

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo").FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
