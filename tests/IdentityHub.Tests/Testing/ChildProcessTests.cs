using System.Text.RegularExpressions;
using Xunit;

namespace IdentityHub.Tests.Testing;

public sealed partial class ChildProcessTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task Output_input_environment_and_exit_code_are_seen()
    {
        await using var child = ChildProcess.Start(Shell("read -r line; echo \"$line $GREETED\"; exit 3") with
        {
            Input = "hello\n",
            Environment = new Dictionary<string, string?> { ["GREETED"] = "world" },
        });

        Assert.Equal(3, await child.WaitForExitAsync(Soon));
        Assert.Equal("hello world\n", child.Output);
        Assert.Equal(child.Output, await File.ReadAllTextAsync(child.LogFile));
    }

    [Fact]
    public async Task A_line_is_waited_for()
    {
        await using var child = ChildProcess.Start(Shell("echo starting; echo listening on 4711; exec sleep 600"));

        var line = await child.WaitForLineAsync(ListeningOn(), Soon);

        Assert.Equal("4711", line.Groups[1].Value);
    }

    [Fact]
    public async Task Waiting_for_a_line_of_a_program_that_ended_tells_what_it_said()
    {
        await using var child = ChildProcess.Start(Shell("echo the port is taken; exit 7"));

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => child.WaitForLineAsync(ListeningOn(), Soon));

        Assert.Contains("ended with 7", failure.Message, StringComparison.Ordinal);
        Assert.Contains("the port is taken", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Terminate_lets_a_program_tidy_up_and_kill_does_not()
    {
        await using var polite = ChildProcess.Start(Tidying());
        await using var killed = ChildProcess.Start(Tidying());
        await polite.WaitForLineAsync(Ready(), Soon);
        await killed.WaitForLineAsync(Ready(), Soon);

        await polite.StopAsync(Soon);
        await killed.KillAsync();

        Assert.Contains("tidied", polite.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("tidied", killed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kill_takes_the_children_too()
    {
        await using var child = ChildProcess.Start(Shell("sleep 600 & echo child $!; wait"));
        var line = await child.WaitForLineAsync(Child(), Soon);

        await child.KillAsync();

        await Eventually.TrueAsync(() => !IsRunning(line.Groups[1].Value), Soon, "the grandchild is gone");
    }

    /// <summary>The guardian reads from a pipe whose other end only its test process holds; here that process is a shell that gets killed.</summary>
    [Fact]
    public async Task A_child_dies_and_its_folder_goes_when_the_test_process_is_killed()
    {
        using var folder = new TemporaryFolder();
        var left = Directory.CreateDirectory(folder.File("left")).FullName;
        await using var child = ChildProcess.Start(Shell("echo ready; exec sleep 600"));
        await child.WaitForLineAsync(Ready(), Soon);
        await using var testProcess = ChildProcess.Start(Shell(
            $"sh -c 'echo run {child.Id}; echo folder {left}; echo child $$ >&2; exec sleep 600' | \"$@\"",
            ["sh", .. Guardian.Command]));
        var line = await testProcess.WaitForLineAsync(Child(), Soon);

        await ChildProcess.RunAsync(new Launch("/bin/kill", "-KILL", line.Groups[1].Value));

        await child.WaitForExitAsync(Soon);
        await Eventually.TrueAsync(() => !Directory.Exists(left), Soon, "the folder is gone");
    }

    private static Launch Tidying() => Shell("trap 'echo tidied; exit 0' TERM; echo ready; while :; do sleep 0.1; done");

    private static Launch Shell(string script, params IReadOnlyList<string> arguments) => new("/bin/sh", ["-c", script, .. arguments]);

    private static bool IsRunning(string processId) =>
        File.Exists($"/proc/{processId}/status") && !File.ReadAllText($"/proc/{processId}/status").Contains("State:\tZ", StringComparison.Ordinal);

    [GeneratedRegex(@"listening on (\d+)")]
    private static partial Regex ListeningOn();

    [GeneratedRegex("^ready$", RegexOptions.Multiline)]
    private static partial Regex Ready();

    [GeneratedRegex(@"child (\d+)")]
    private static partial Regex Child();
}
