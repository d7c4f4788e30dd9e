using System.Diagnostics;

namespace IdentityHub.Benchmarks;

/// <summary>How much of one kind of work this machine does in a second when a fixed number of workers never pause.</summary>
internal static class Throughput
{
    public static async Task MeasureAsync(Rig rig, Work work, Options options, Report report)
    {
        Console.Error.WriteLine($"{work.Title} …");
        var workers = new Func<Task>[options.Connections];
        for (var i = 0; i < workers.Length; i++)
        {
            workers[i] = await work.PrepareAsync(rig, i);
        }

        await RunAsync(workers, options.WarmUp);
        var runs = new List<Run>();
        for (var run = 0; run < options.Runs; run++)
        {
            var before = Cpu.Now(rig);
            var (count, elapsed) = await RunAsync(workers, options.Each);
            var used = Cpu.Now(rig) - before;
            runs.Add(new Run(count / elapsed.TotalSeconds, used.Hub.TotalMilliseconds / count, used.Postgres.TotalMilliseconds / count));
        }

        report.Throughput(work, runs);
    }

    private static async Task<(int Count, TimeSpan Elapsed)> RunAsync(Func<Task>[] workers, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(workers.Select(worker => Task.Run(async () =>
        {
            var count = 0;
            while (Stopwatch.GetElapsedTime(started) < duration)
            {
                await worker();
                count++;
            }

            return count;
        })));
        return (counts.Sum(), Stopwatch.GetElapsedTime(started));
    }

    internal sealed record Run(double PerSecond, double HubMilliseconds, double PostgresMilliseconds);
}
