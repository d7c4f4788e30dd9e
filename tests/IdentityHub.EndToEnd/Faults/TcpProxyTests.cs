using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.Faults;

public sealed class TcpProxyTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly TcpListener _echo = new(IPAddress.Loopback, 0);
    private TcpProxy _proxy = null!;

    public ValueTask InitializeAsync()
    {
        _echo.Start();
        _ = EchoAsync();
        _proxy = TcpProxy.Start(((IPEndPoint)_echo.LocalEndpoint).Port);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _echo.Dispose();
    }

    [Fact]
    public async Task It_passes_data_and_the_end_of_data_both_ways()
    {
        using var socket = await ConnectAsync();

        Assert.Equal("hello", await AskAsync(socket, "hello"));
        socket.Shutdown(SocketShutdown.Send);

        Assert.Equal(0, await socket.ReceiveAsync(new byte[1]).WaitAsync(Soon));
        await Eventually.TrueAsync(() => _proxy.OpenConnections == 0, Soon, "the connection is forgotten");
    }

    [Fact]
    public async Task A_cut_resets_what_is_open_and_takes_new_connections()
    {
        using var before = await ConnectAsync();
        Assert.Equal("x", await AskAsync(before, "x"));

        _proxy.Cut();

        var failure = await Assert.ThrowsAsync<SocketException>(() => before.ReceiveAsync(new byte[1]).WaitAsync(Soon));
        Assert.Equal(SocketError.ConnectionReset, failure.SocketErrorCode);
        using var after = await ConnectAsync();
        Assert.Equal("y", await AskAsync(after, "y"));
    }

    [Fact]
    public async Task While_refusing_nobody_connects_and_afterwards_everybody_does()
    {
        await _proxy.RefuseAsync();
        var failure = await Assert.ThrowsAsync<SocketException>(ConnectAsync);
        Assert.Equal(SocketError.ConnectionRefused, failure.SocketErrorCode);

        _proxy.Accept();

        using var socket = await ConnectAsync();
        Assert.Equal("x", await AskAsync(socket, "x"));
    }

    [Fact]
    public async Task While_paused_nothing_arrives_and_afterwards_all_of_it()
    {
        using var socket = await ConnectAsync();
        Assert.Equal("x", await AskAsync(socket, "x"));

        _proxy.Pause();
        var answer = AskAsync(socket, "late");
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(TimeSpan.FromMilliseconds(200)));
        _proxy.Resume();

        Assert.Equal("late", await answer.WaitAsync(Soon));
    }

    [Fact]
    public async Task Delay_holds_each_direction_back()
    {
        using var socket = await ConnectAsync();
        _proxy.Delay = TimeSpan.FromMilliseconds(100);
        var started = Stopwatch.GetTimestamp();

        Assert.Equal("x", await AskAsync(socket, "x"));

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(190), Soon);
    }

    private async Task<Socket> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, _proxy.Port);
        return socket;
    }

    private static async Task<string> AskAsync(Socket socket, string text)
    {
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes(text));
        var answer = new byte[text.Length];
        for (var read = 0; read < answer.Length;)
        {
            read += await socket.ReceiveAsync(answer.AsMemory(read)).AsTask().WaitAsync(Soon);
        }

        return System.Text.Encoding.ASCII.GetString(answer);
    }

    private async Task EchoAsync()
    {
        while (_echo.Server.IsBound)
        {
            _ = EchoAsync(await _echo.AcceptSocketAsync());
        }
    }

    private static async Task EchoAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.CopyToAsync(stream);
    }
}
