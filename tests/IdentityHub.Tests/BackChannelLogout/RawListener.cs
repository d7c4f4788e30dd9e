using System.Net;
using System.Net.Sockets;

namespace IdentityHub.Tests.BackChannelLogout;

/// <summary>Speaks below HTTP, to each connection the same.</summary>
internal sealed class RawListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _over = new();

    public RawListener(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _listener.Start();
        _ = AcceptAsync(serve);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"http://127.0.0.1:{Port}/";

    public void Dispose()
    {
        _over.Cancel();
        _listener.Dispose();
    }

    public static async Task ReadToEndAsync(NetworkStream stream, CancellationToken cancel)
    {
        var buffer = new byte[4096];
        try
        {
            while (await stream.ReadAsync(buffer, cancel) > 0)
            {
            }
        }
        catch (IOException)
        {
            // Reset: as good an end as any.
        }
    }

    private async Task AcceptAsync(Func<NetworkStream, CancellationToken, Task> serve)
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_over.Token), serve);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client, Func<NetworkStream, CancellationToken, Task> serve)
    {
        try
        {
            using (client)
            {
                var stream = client.GetStream();
                await serve(stream, _over.Token);
                await ReadToEndAsync(stream, _over.Token);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException or SocketException)
        {
            // The test is over, or the sender hung up, which it is here to do.
        }
    }
}
