using System.Diagnostics;

namespace Demo;

/// <summary>Starts processes, knows when one dies, and ends them all. Used by one thread at a time.</summary>
internal sealed class Children(Keeper keeper) : IDisposable
{
    private static readonly string Dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly List<(Child Child, Process Process, Task Copying)> _running = [];

    /// <summary>Starts the process; what it writes goes to its log and never to our own output.</summary>
    public void Start(Child child)
    {
        var process = Launch(child);
        keeper.Watch(process);
        process.StandardInput.Close();
        var log = new FileStream(child.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1, useAsync: true);
        _running.Add((child, process, CopyAsync(process, log)));
    }

    /// <summary>Runs the process to its end with the given input and returns its exit code.</summary>
    public async Task<int> RunAsync(Child child, string input, CancellationToken cancel, params string[] arguments)
    {
        using var process = Launch(child, arguments);
        keeper.Watch(process);
        try
        {
            var log = new FileStream(child.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 1, useAsync: true);
            var copying = CopyAsync(process, log);
            await process.StandardInput.WriteLineAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
            await process.WaitForExitAsync(cancel);
            await copying;
            return process.ExitCode;
        }
        finally
        {
            End(process);
        }
    }

    /// <summary>Completes with the first process that ends.</summary>
    public async Task<Child> FirstEndAsync(CancellationToken cancel)
    {
        var ends = _running.ToDictionary(r => r.Process.WaitForExitAsync(cancel), r => r);
        var first = ends[await Task.WhenAny(ends.Keys)];
        cancel.ThrowIfCancellationRequested();
        await first.Copying;
        return first.Child;
    }

    /// <summary>Kills and not asks: everything they could still write is in a folder that is about to be removed.</summary>
    public void Dispose()
    {
        foreach (var (_, process, _) in _running)
        {
            End(process);
            process.Dispose();
        }
    }

    private static void End(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private static Process Launch(Child child, params string[] arguments)
    {
        var start = new ProcessStartInfo(Dotnet, [child.Assembly, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(child.Assembly)!,
        };

        // Settings of the terminal's own must not reach them: an inherited Hub__Issuer or URL would move the demo.
        string[] ours = ["ASPNETCORE_", "HUB__", "RELYINGPARTIES__", "DATABASE__", "MESSAGING__", "CONNECTIONSTRINGS__", "SAMPLE__"];
        foreach (var inherited in start.Environment.Keys.Where(k => ours.Any(p => k.StartsWith(p, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            start.Environment.Remove(inherited);
        }

        foreach (var (name, value) in child.Settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private static async Task CopyAsync(Process process, FileStream log)
    {
        await using (log)
        {
            // Lines of the two streams must not tear each other apart.
            using var oneLine = new SemaphoreSlim(1, 1);
            await Task.WhenAll(CopyLines(process.StandardOutput), CopyLines(process.StandardError));

            async Task CopyLines(StreamReader from)
            {
                while (await from.ReadLineAsync() is { } line)
                {
                    await oneLine.WaitAsync();
                    try
                    {
                        await log.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + '\n'));
                    }
                    finally
                    {
                        oneLine.Release();
                    }
                }
            }
        }
    }
}
