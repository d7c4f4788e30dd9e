using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using IdentityHub.Tests.Testing;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>
/// Stands between two processes on loopback and does what networks do: refuses, cuts, stalls and delays. Its own port
/// stays the same throughout.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Guid, ProxiedConnection> _open = new();
    private readonly Gate _gate = new();
    private TcpListener? _listener;
    private Task _accepting = Task.CompletedTask;

    private TcpProxy(int target) => Target = target;

    public int Port { get; } = FreePorts.Next();

    /// <summary>Where connections that are opened from now on lead.</summary>
    public int Target { get; set; }

    public int OpenConnections => _open.Count;

    /// <summary>Held back before each piece of data is passed on, in either direction.</summary>
    public TimeSpan Delay { get; set; }

    public static TcpProxy Start(int target)
    {
        var proxy = new TcpProxy(target);
        proxy.Accept();
        return proxy;
    }

    /// <summary>Data stands still in both directions; connections stay open and new ones are taken.</summary>
    public void Pause() => _gate.Close();

    public void Resume() => _gate.Open();

    /// <summary>Resets what is open; new connections are taken.</summary>
    public void Cut()
    {
        foreach (var connection in _open.Values)
        {
            connection.Reset();
        }
    }

    /// <summary>Resets what is open and refuses new connections until <see cref="Accept"/>.</summary>
    public async Task RefuseAsync()
    {
        _listener?.Stop();
        await _accepting;
        Cut();
    }

    public void Accept()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _accepting = AcceptAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        await RefuseAsync();
        Resume();
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptSocketAsync();
            }
            catch (Exception ex) when (ex is SocketException or ObjectDisposedException)
            {
                // Stop() ends a pending accept this way.
                return;
            }

            var id = Guid.CreateVersion7();
            var connection = new ProxiedConnection(client, Target, () => Delay, _gate);
            _open[id] = connection;
            _ = connection.RunAsync().ContinueWith(_ => _open.TryRemove(id, out var _), TaskScheduler.Default);
        }
    }
}
