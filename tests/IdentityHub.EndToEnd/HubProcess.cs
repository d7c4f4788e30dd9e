using IdentityHub.Tests.Testing;

namespace IdentityHub.EndToEnd;

/// <summary>A hub as an operator runs it: the built program in a process of its own. Build nothing, find it built.</summary>
internal sealed class HubProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private ChildProcess? _process;

    private HubProcess(HubSettings settings) => Settings = settings;

    public HubSettings Settings { get; }

    public Uri Address => Settings.Address;

    public string Output => Process.Output;

    public int Id => Process.Id;

    /// <summary>Migrates first where the database does not migrate itself, and returns when the hub says that it is ready.</summary>
    public static async Task<HubProcess> StartAsync(HubSettings settings)
    {
        if (settings.Postgres is not null)
        {
            await CommandAsync(settings, "migrate");
        }

        var hub = new HubProcess(settings);
        try
        {
            await hub.StartAgainAsync();
            return hub;
        }
        catch
        {
            await hub.DisposeAsync();
            throw;
        }
    }

    /// <summary>One of the hub's commands, run to its end with the same settings.</summary>
    /// <returns>What it printed.</returns>
    public static Task<string> CommandAsync(HubSettings settings, params IEnumerable<string> arguments) =>
        ChildProcess.RunAsync(Command(settings, arguments));

    public Task AddPersonAsync(string email, string name, string password) =>
        ChildProcess.RunAsync(Command(Settings, ["person", "add", email, "--name", name, "--password-stdin"]) with { Input = password + "\n" });

    public async Task StartAgainAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _process = ChildProcess.Start(Command(Settings, ["serve"]));
        await _process.WaitForUrlAsync(new Uri(Address, "/health/ready"), StartLimit);
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>SIGKILL, in this very instant; a hub has no children.</summary>
    public Task KillAsync() => Process.KillAtOnceAsync();

    /// <summary>SIGTERM, and the exit code.</summary>
    public Task<int> StopAsync() => Process.StopAsync();

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private ChildProcess Process => _process ?? throw new InvalidOperationException("This hub was never started.");

    private static Launch Command(HubSettings settings, IEnumerable<string> arguments) =>
        Launch.Dotnet(Processes.Built("hub.dll"), arguments) with { Environment = settings.ToEnvironment(), WorkingFolder = settings.DataFolder };
}
