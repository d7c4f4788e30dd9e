using DotNet.Testcontainers.Containers;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// A server in a container, where a Docker engine answers. The port on the host is chosen by us, so that it is the
/// same after a restart.
/// </summary>
internal sealed class ContainerHost(IContainer container) : IServerHost
{
    private static readonly Lazy<bool> Answers = new(() => Installed.Ask("docker", "info", "--format", "{{.ServerVersion}}") is not null);

    private bool _created;

    public static bool EngineAnswers => Answers.Value;

    public async Task StartAsync(Func<Task<bool>> ready)
    {
        await (_created ? ChildProcess.RunAsync(new Launch(Docker, "start", container.Id)) : container.StartAsync());
        _created = true;
        await Eventually.TrueAsync(ready, TimeSpan.FromSeconds(120), $"{container.Image.FullName} answers");
    }

    public Task KillAsync() => ChildProcess.RunAsync(new Launch(Docker, "kill", container.Id));

    public async Task<string> LogAsync()
    {
        var (output, error) = await container.GetLogsAsync();
        return output + error;
    }

    public async Task<string> ToolAsync(string program, params IReadOnlyList<string> arguments)
    {
        var result = await container.ExecAsync([program, .. arguments]);
        return result.ExitCode == 0
            ? result.Stdout
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} ended with {result.ExitCode}: {result.Stderr}");
    }

    public ValueTask DisposeAsync() => container.DisposeAsync();

    private static string Docker => Installed.Require("docker", "docker.io");
}
