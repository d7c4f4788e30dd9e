using System.Net;
using System.Net.Sockets;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>One connection through a <see cref="TcpProxy"/>: two sockets, copied in both directions.</summary>
internal sealed class ProxiedConnection(Socket client, int target, Func<TimeSpan> delay, Gate gate) : IDisposable
{
    private readonly Socket _server = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    public async Task RunAsync()
    {
        client.NoDelay = true;
        using (client)
        using (_server)
        {
            await ResetOnFailureAsync(ConnectAndCopyAsync());
        }
    }

    /// <summary>RST to both sides; what was under way is lost.</summary>
    public void Reset()
    {
        client.Close(timeout: 0);
        _server.Close(timeout: 0);
    }

    public void Dispose() => Reset();

    private async Task ConnectAndCopyAsync()
    {
        await _server.ConnectAsync(IPAddress.Loopback, target);
        await Task.WhenAll(ResetOnFailureAsync(CopyAsync(client, _server)), ResetOnFailureAsync(CopyAsync(_server, client)));
    }

    private async Task ResetOnFailureAsync(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception ex) when (ex is SocketException or ObjectDisposedException)
        {
            // One side is gone or was cut, so the other must see the same.
            Reset();
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer)) > 0)
        {
            if (delay() is { Ticks: > 0 } wait)
            {
                await Task.Delay(wait, TimeProvider.System);
            }

            await gate.PassAsync();
            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
