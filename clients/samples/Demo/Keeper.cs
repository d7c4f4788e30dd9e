using System.Diagnostics;
using System.Globalization;

namespace Demo;

/// <summary>
/// A second process of this program that outlives it by a moment. It is told which processes were started and, when its
/// input ends because the demo is gone, ends them and removes the folder. So nothing is left on the ports even when the
/// demo itself is killed and can do nothing more.
/// </summary>
internal sealed class Keeper : IDisposable
{
    public const string Argument = "keep";

    private readonly Process _process;

    public Keeper(string folder)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _process = Process.Start(new ProcessStartInfo(dotnet, [typeof(Keeper).Assembly.Location, Argument, folder])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    public void Watch(Process process)
    {
        if (StartOf(process) is { } start)
        {
            _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{process.Id} {start.Ticks}"));
        }
    }

    /// <summary>Lets the keeper finish: what still runs ends, and the folder goes.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    /// <summary>The keeper's own life.</summary>
    public static void Keep(string folder)
    {
        var watched = new List<(int Id, DateTime Start)>();
        while (Console.In.ReadLine() is { } line && line.Split(' ') is [var id, var start])
        {
            watched.Add((int.Parse(id, CultureInfo.InvariantCulture), new DateTime(long.Parse(start, CultureInfo.InvariantCulture), DateTimeKind.Utc)));
        }

        var ending = watched.Select(w => Kill(w.Id, w.Start)).OfType<Process>().ToList();
        foreach (var process in ending)
        {
            // Not for ever: an ended process counts as running until its new parent has taken notice.
            process.WaitForExit(TimeSpan.FromSeconds(5));
            process.Dispose();
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Process? Kill(int id, DateTime start)
    {
        try
        {
            var process = Process.GetProcessById(id);
            // The number of a process that has ended is given to another one some day; its start tells them apart. Two
            // readings of one start may differ by the rounding of the clock.
            if (StartOf(process) is { } now && (now - start).Duration() < TimeSpan.FromSeconds(2))
            {
                process.Kill(entireProcessTree: true);
                return process;
            }

            process.Dispose();
            return null;
        }
        catch (ArgumentException)
        {
            return null; // it has ended by itself: what was wanted
        }
    }

    /// <summary>Null when it has ended.</summary>
    private static DateTime? StartOf(Process process)
    {
        try
        {
            return process.StartTime.ToUniversalTime();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
