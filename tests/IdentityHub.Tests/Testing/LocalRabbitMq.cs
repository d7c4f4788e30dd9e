using System.Globalization;
using System.Security.Cryptography;

namespace IdentityHub.Tests.Testing;

/// <summary>
/// A RabbitMQ node of the installed program with its own name, ports, cookie, data and port mapper (epmd), so that it
/// neither meets another node of the machine nor leaves a port mapper behind.
/// </summary>
internal sealed class LocalRabbitMq(int port) : IServerHost
{
    // Debian's /usr/sbin wrappers change user and folder; the scripts behind them run as whoever calls.
    private static readonly string[] Folders = ["/usr/lib/rabbitmq/bin", "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin", "/opt/homebrew/sbin", "/usr/local/sbin"];

    private readonly TemporaryFolder _folder = new();
    private readonly string _node = $"hub-{RandomNumberGenerator.GetHexString(8, lowercase: true)}@localhost";
    private readonly string _distributionPort = FreePorts.Next().ToString(CultureInfo.InvariantCulture);
    private readonly string _mapperPort = FreePorts.Next().ToString(CultureInfo.InvariantCulture);
    private ChildProcess? _mapper;
    private ChildProcess? _server;

    public async Task StartAsync(Func<Task<bool>> ready)
    {
        await WriteConfigurationAsync();
        await StartMapperAsync();
        _server = ChildProcess.Start(Tool("rabbitmq-server"));
        await _server.WaitUntilAsync(ready, TimeSpan.FromSeconds(90), "speaks AMQP");
    }

    public async Task KillAsync()
    {
        if (_server is not null)
        {
            await _server.KillAsync();
        }
    }

    public Task<string> LogAsync() => Task.FromResult(_server?.Output ?? "");

    public async Task<string> ToolAsync(string program, params IReadOnlyList<string> arguments)
    {
        try
        {
            return await ChildProcess.RunAsync(Tool(program, ["-n", _node, .. arguments]), TimeSpan.FromSeconds(90));
        }
        catch (InvalidOperationException ex)
        {
            throw new InvalidOperationException($"{ex.Message}\nThe server: {_server?.Tail()}", ex);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in new[] { _server, _mapper })
        {
            if (process is not null)
            {
                await process.DisposeAsync();
            }
        }

        _folder.Dispose();
    }

    private async Task WriteConfigurationAsync()
    {
        await File.WriteAllTextAsync(_folder.File("rabbitmq.conf"), string.Create(CultureInfo.InvariantCulture, $"""
            listeners.tcp.1 = 127.0.0.1:{port}
            disk_free_limit.absolute = 50MB
            log.console = true
            log.console.level = warning
            log.file = false
            """));
        await File.WriteAllTextAsync(_folder.File("enabled_plugins"), "[].\n");
    }

    /// <summary>In the foreground and known to us; a node would start one as a daemon that outlives everybody.</summary>
    private async Task StartMapperAsync()
    {
        if (_mapper is { HasExited: false })
        {
            return;
        }

        _mapper = ChildProcess.Start(new Launch(Installed.Require("epmd", "erlang-base", "/usr/lib/erlang/bin"), "-address", "127.0.0.1", "-port", _mapperPort));
        await _mapper.WaitUntilAsync(() => TcpProbe.AcceptsAsync(int.Parse(_mapperPort, CultureInfo.InvariantCulture)), TimeSpan.FromSeconds(20), "listens");
    }

    private Launch Tool(string program, params IReadOnlyList<string> arguments) => new(Installed.Require(program, "rabbitmq-server", Folders), arguments)
    {
        WorkingFolder = _folder.Path,
        Environment = new Dictionary<string, string?>
        {
            ["HOME"] = _folder.Path,
            ["ERL_EPMD_PORT"] = _mapperPort,
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODENAME"] = _node,
            ["RABBITMQ_DIST_PORT"] = _distributionPort,
            ["RABBITMQ_CONF_ENV_FILE"] = _folder.File("no-rabbitmq-env.conf"),
            ["RABBITMQ_CONFIG_FILE"] = _folder.File("rabbitmq.conf"),
            ["RABBITMQ_ADVANCED_CONFIG_FILE"] = _folder.File("no-advanced.config"),
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = _folder.File("enabled_plugins"),
            ["RABBITMQ_MNESIA_BASE"] = _folder.File("data"),
            ["RABBITMQ_LOG_BASE"] = _folder.File("log"),
            ["RABBITMQ_PID_FILE"] = _folder.File("pid"),
            // The script becomes the server instead of staying in between, where a killed one would leave an orphan.
            ["RUNNING_UNDER_SYSTEMD"] = "true",
            // No busy waiting of idle schedulers: the machine's cores belong to the tests.
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
        },
    };
}
