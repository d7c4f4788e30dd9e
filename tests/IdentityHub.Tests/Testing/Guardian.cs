using System.Diagnostics;
using System.Globalization;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// One small shell beside the test process that outlives it by a moment: it holds the other end of a pipe, and when
/// that closes, however the test process died, it kills the children that were still running and removes the
/// temporary folders. (The kernel's parent-death signal would not do: it fires when the *thread* that started the
/// child ends, and threads of the pool come and go.)
/// </summary>
internal static class Guardian
{
    private const string Script = """
        trap '' INT TERM HUP
        pids=' '
        folders=
        while read -r verb what; do
          case $verb in
            run) pids="$pids$what " ;;
            gone) pids=${pids%%" $what "*}' '${pids#*" $what "} ;;
            folder) folders="$folders
        $what" ;;
          esac
        done
        for pid in $pids; do
          pkill -KILL -P "$pid" 2>/dev/null
          kill -KILL "-$pid" 2>/dev/null || kill -KILL "$pid" 2>/dev/null
        done
        printf '%s\n' "$folders" | while read -r folder; do
          [ -n "$folder" ] || continue
          # A killed server may still be writing its last file while its folder goes.
          for try in 1 2 3 4 5; do rm -rf -- "$folder" 2>/dev/null && break; sleep 0.2; done
        done
        """;

    /// <summary>In a session of its own, where the system has setsid, so that Ctrl+C in a terminal does not take the guardian first.</summary>
    internal static IReadOnlyList<string> Command { get; } =
        [.. Installed.Find("setsid") is { } setsid ? new[] { setsid } : [], "/bin/sh", "-c", Script];

    private static readonly Lock Gate = new();
    private static StreamWriter? _pipe;

    public static void Watch(int processId) => Tell($"run {processId.ToString(CultureInfo.InvariantCulture)}");

    public static void Forget(int processId) => Tell($"gone {processId.ToString(CultureInfo.InvariantCulture)}");

    public static void RemoveAfterwards(string folder) => Tell($"folder {folder}");

    private static void Tell(string line)
    {
        lock (Gate)
        {
            _pipe ??= Start();
            _pipe.WriteLine(line);
        }
    }

    private static StreamWriter Start()
    {
        var process = Process.Start(new ProcessStartInfo(Command[0], Command.Skip(1)) { RedirectStandardInput = true })!;
        process.StandardInput.AutoFlush = true;
        return process.StandardInput;
    }
}
