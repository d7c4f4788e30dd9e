using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// A program started by a test. Its output goes to a file, not to a pipe: nobody has to read it for the program to go
/// on, and it can be read after both are gone. It never outlives the test process (see <see cref="Guardian"/>).
/// </summary>
internal sealed partial class ChildProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;
    private const int KillSignal = 9;

    private readonly Process _process;
    private readonly Task _exit;
    private readonly Launch _launch;

    private ChildProcess(Process process, Launch launch, string log)
    {
        _process = process;
        _launch = launch;
        LogFile = log;
        Id = process.Id;
        Guardian.Watch(Id);
        _exit = ForgetWhenGoneAsync();
    }

    public int Id { get; }

    public string LogFile { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public string Output => ReadShared(LogFile);

    public static ChildProcess Start(Launch launch)
    {
        var log = Repository.LogFile(launch.Name);
        List<string> command = ["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1", "sh", log];
        if (Installed.Find("setsid") is { } setsid)
        {
            command.Insert(0, setsid);
        }

        if (launch.User is { } user)
        {
            command.AddRange([Installed.Require("setpriv", "util-linux"), $"--reuid={user}", $"--regid={user}", "--init-groups", "--"]);
        }

        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), launch.Program, .. launch.Arguments])
        {
            WorkingDirectory = launch.WorkingFolder ?? "",
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in launch.Environment)
        {
            start.Environment[name] = value;
        }

        var child = new ChildProcess(Process.Start(start)!, launch, log);
        child.WriteInput();
        return child;
    }

    /// <summary>Runs a program to its end and returns what it printed.</summary>
    public static async Task<string> RunAsync(Launch launch, TimeSpan? within = null)
    {
        await using var child = Start(launch);
        var code = await child.WaitForExitAsync(within ?? TimeSpan.FromSeconds(60));
        return code == 0
            ? child.Output
            : throw new InvalidOperationException($"{launch.Name} {string.Join(' ', launch.Arguments)} ended with {code}. {child.Tail()}");
    }

    public async Task<int> WaitForExitAsync(TimeSpan within)
    {
        try
        {
            await _exit.WaitAsync(within);
            return ExitCode;
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"{_launch.Name} (process {Id}) did not end within {within.TotalSeconds} s. {Tail()}");
        }
    }

    public async Task<Match> WaitForLineAsync(Regex line, TimeSpan within)
    {
        var match = Match.Empty;
        await WaitUntilAsync(() => Task.FromResult((match = line.Match(Output)).Success), within, $"prints {line}");
        return match;
    }

    /// <summary>Waits until the address answers with a success status.</summary>
    public async Task WaitForUrlAsync(Uri url, TimeSpan within)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(5) };
        await WaitUntilAsync(
            async () =>
            {
                try
                {
                    using var answer = await http.GetAsync(url);
                    return answer.IsSuccessStatusCode;
                }
                catch (Exception ex) when (ex is HttpRequestException or TaskCanceledException)
                {
                    return false;
                }
            },
            within, $"answers at {url}");
    }

    /// <summary>Waits for something that only a living program can make true, and gives up at once when it has ended.</summary>
    public Task WaitUntilAsync(Func<Task<bool>> condition, TimeSpan within, string what) => Eventually.TrueAsync(
        async () =>
        {
            // Asked before the condition: output written just before the end still counts.
            var gone = HasExited;
            return await condition() || (gone
                ? throw new InvalidOperationException($"{_launch.Name} ended with {ExitCode} before this: it {what}. {Tail()}")
                : false);
        },
        within, $"{_launch.Name} {what}", Tail);

    /// <summary>Asks the process itself to end, by SIGTERM unless told, and waits until it has.</summary>
    public async Task<int> StopAsync(TimeSpan? within = null, int signal = Terminate)
    {
        if (!HasExited)
        {
            _ = Signal(Id, signal);
        }

        return await WaitForExitAsync(within ?? TimeSpan.FromSeconds(30));
    }

    /// <summary>SIGKILL to the process and all its descendants: nobody gets to tidy up.</summary>
    public async Task KillAsync()
    {
        if (!HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>SIGKILL to the process alone, in this very instant: looking for descendants takes a while.</summary>
    public Task KillAtOnceAsync()
    {
        if (!HasExited)
        {
            _ = Signal(Id, KillSignal);
        }

        return WaitForExitAsync(TimeSpan.FromSeconds(30));
    }

    public string Tail() => $"The end of {LogFile}:\n{string.Join('\n', Output.TrimEnd().Split('\n').TakeLast(40))}";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void WriteInput()
    {
        try
        {
            _process.StandardInput.Write(_launch.Input);
            _process.StandardInput.Close();
        }
        catch (IOException) when (_launch.Input.Length == 0 || HasExited)
        {
            // The program ended before it read; its exit code tells the caller.
        }
    }

    private async Task ForgetWhenGoneAsync()
    {
        await _process.WaitForExitAsync();
        Guardian.Forget(Id);
    }

    private static string ReadShared(string file)
    {
        if (!File.Exists(file))
        {
            return "";
        }

        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int processId, int signal);
}
