using System.Net;
using System.Net.Sockets;
using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

/// <summary>A name says one thing when it is looked at and another when it is used (DNS rebinding, specs.md §8 case 11).</summary>
public sealed class GuardedConnectTests : IDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromSeconds(5);

    // The only one that is allowed; the other one is of this machine as well, so that a connection would succeed.
    private static readonly IPAddress Allowed = IPAddress.Parse("127.0.0.1");
    private static readonly IPAddress Inner = IPAddress.Parse("127.0.0.2");

    private readonly TcpListener _listener = new(IPAddress.Any, 0);
    private readonly Queue<IPAddress[]> _answers = new();

    public GuardedConnectTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task A_name_that_turns_to_an_inner_address_is_refused_from_then_on()
    {
        _answers.Enqueue([Allowed]);
        _answers.Enqueue([Inner]);

        Assert.Equal(Allowed, await ConnectedToAsync());

        var refused = await Assert.ThrowsAsync<HttpRequestException>(ConnectedToAsync);
        Assert.Contains("rebinds.example resolves to 127.0.0.2", Assert.IsType<RefusedAddressException>(refused.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_address_that_was_judged_is_the_one_that_is_used()
    {
        // A second look would get this answer.
        _answers.Enqueue([Allowed]);
        _answers.Enqueue([Inner]);

        Assert.Equal(Allowed, await ConnectedToAsync());
        Assert.Single(_answers);
    }

    [Fact]
    public async Task Of_several_addresses_only_those_that_are_allowed_are_tried()
    {
        _answers.Enqueue([Inner, IPAddress.Parse("::ffff:127.0.0.2"), Allowed]);

        Assert.Equal(Allowed, await ConnectedToAsync());
    }

    /// <summary>The address of ours that a request to the name arrived at.</summary>
    private async Task<IPAddress> ConnectedToAsync()
    {
        var guard = new GuardedConnect(AddressRule.From(["127.0.0.1"], development: false), Within, TimeProvider.System, (_, _) => Task.FromResult(_answers.Dequeue()));
        using var handler = new SocketsHttpHandler { ConnectCallback = guard.OpenAsync };
        using var http = new HttpClient(handler);
        var arrived = _listener.AcceptTcpClientAsync();
        var asked = http.GetAsync(new Uri($"http://rebinds.example:{((IPEndPoint)_listener.LocalEndpoint).Port}/"));
        if (await Task.WhenAny(arrived, asked) == asked)
        {
            await asked;
        }

        using var connection = await arrived;
        await using var stream = connection.GetStream();
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray());
        using var answer = await asked;
        return ((IPEndPoint)connection.Client.LocalEndPoint!).Address;
    }
}
