using System.Globalization;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// A PostgreSQL cluster of the installed program, in a temporary folder, on loopback, with trust authentication.
/// PostgreSQL refuses to run as root, so root hands it to the user <c>postgres</c>.
/// </summary>
internal sealed class LocalPostgres(int port, bool durable) : IServerHost
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _user = Environment.IsPrivilegedProcess ? "postgres" : null;
    private ChildProcess? _server;

    private string Data => _folder.File("data");

    public async Task StartAsync(Func<Task<bool>> ready)
    {
        if (!Directory.Exists(Data))
        {
            await CreateClusterAsync();
        }

        _server = ChildProcess.Start(Tool("postgres",
            "-D", Data,
            "-p", port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1",
            "-c", $"unix_socket_directories={_folder.Path}",
            "-c", "max_connections=300",
            "-c", "shared_buffers=64MB",
            "-c", "autovacuum=" + (durable ? "on" : "off"),
            // Without fsync a killed server may lose what it had confirmed, which is exactly what fault tests look for.
            "-c", "fsync=" + (durable ? "on" : "off"),
            "-c", "synchronous_commit=" + (durable ? "on" : "off"),
            "-c", "full_page_writes=" + (durable ? "on" : "off")));
        await _server.WaitUntilAsync(ready, TimeSpan.FromSeconds(60), "accepts connections");
    }

    public async Task KillAsync()
    {
        if (_server is not null)
        {
            await _server.KillAsync();
        }
    }

    public Task<string> LogAsync() => Task.FromResult(_server?.Output ?? "");

    public Task<string> ToolAsync(string program, params IReadOnlyList<string> arguments) =>
        ChildProcess.RunAsync(Tool(program, ["-h", "127.0.0.1", "-p", port.ToString(CultureInfo.InvariantCulture), "-U", "postgres", .. arguments]));

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            // SIGINT is PostgreSQL's fast shutdown: it gives back its shared memory, which a killed one leaves in the system.
            await _server.StopAsync(signal: ChildProcess.Interrupt);
            await _server.DisposeAsync();
        }

        _folder.Dispose();
    }

    private async Task CreateClusterAsync()
    {
        if (_user is not null)
        {
            await ChildProcess.RunAsync(new Launch(Installed.Require("chown", "coreutils"), $"{_user}:", _folder.Path));
        }

        await ChildProcess.RunAsync(Tool("initdb", "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"));
    }

    private Launch Tool(string program, params IReadOnlyList<string> arguments) =>
        new(Installed.Require(program, "postgresql", Folders), arguments) { User = _user, WorkingFolder = _folder.Path };

    private static string[] Folders =>
    [
        .. Installed.Ask("pg_config", "--bindir") is { } folder ? new[] { folder } : [],
        "/usr/lib/postgresql/*/bin",
        "/opt/homebrew/opt/postgresql*/bin",
    ];
}
