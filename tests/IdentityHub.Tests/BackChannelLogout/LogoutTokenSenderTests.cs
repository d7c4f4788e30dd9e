using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;
using IdentityHub.Tests.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Xunit;

namespace IdentityHub.Tests.BackChannelLogout;

public sealed class LogoutTokenSenderTests : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    // What answers is waited for however busy the machine is.
    private readonly LogoutTokenSender _sender = Sender(development: true, Soon);

    public void Dispose() => _sender.Dispose();

    [Fact]
    public async Task The_token_and_nothing_else_is_posted_as_a_form_and_the_query_is_kept()
    {
        await using var receiver = await ReceiverStub.AnsweringAsync(200);

        var outcome = await SendAsync(receiver);

        Assert.Equal(new DeliveryOutcome.Confirmed(200), outcome);
        var request = Assert.Single(receiver.Requests);
        Assert.Equal(("POST", "/logout?app=1", "application/x-www-form-urlencoded"), (request.Method, request.Target, request.ContentType));
        Assert.Equal("a.b.c", Assert.Single(request.Form, field => field.Key == "logout_token").Value);
        Assert.Single(request.Form);
    }

    [Theory]
    [InlineData(200, typeof(DeliveryOutcome.Confirmed))]
    [InlineData(204, typeof(DeliveryOutcome.Confirmed))]
    [InlineData(202, typeof(DeliveryOutcome.Rejected))]
    [InlineData(302, typeof(DeliveryOutcome.Rejected))]
    [InlineData(400, typeof(DeliveryOutcome.Rejected))]
    [InlineData(404, typeof(DeliveryOutcome.Rejected))]
    [InlineData(408, typeof(DeliveryOutcome.Retry))]
    [InlineData(425, typeof(DeliveryOutcome.Retry))]
    [InlineData(429, typeof(DeliveryOutcome.Retry))]
    [InlineData(500, typeof(DeliveryOutcome.Retry))]
    [InlineData(503, typeof(DeliveryOutcome.Retry))]
    public async Task The_status_decides(int status, Type expected)
    {
        await using var receiver = await ReceiverStub.AnsweringAsync(status);

        var outcome = await SendAsync(receiver);

        Assert.IsType(expected, outcome);
        Assert.Equal(status, outcome.Status);
    }

    [Fact]
    public async Task A_wait_that_is_asked_for_is_read_as_seconds_and_as_a_date()
    {
        await using var seconds = await ReceiverStub.AnsweringAsync(context => Busy(context, "120"));
        var date = DateTimeOffset.UnixEpoch.AddYears(100);
        await using var instant = await ReceiverStub.AnsweringAsync(context => Busy(context, date.ToString("R", CultureInfo.InvariantCulture)));

        Assert.Equal(TimeSpan.FromSeconds(120), Assert.IsType<DeliveryOutcome.Retry>(await SendAsync(seconds)).After);
        Assert.True(Assert.IsType<DeliveryOutcome.Retry>(await SendAsync(instant)).After > TimeSpan.FromDays(365));

        static Task Busy(HttpContext context, string wait)
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = wait;
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var target = await ReceiverStub.AnsweringAsync(200);
        await using var receiver = await ReceiverStub.AnsweringAsync(context =>
        {
            context.Response.StatusCode = 307;
            context.Response.Headers.Location = target.Address.AbsoluteUri;
            return Task.CompletedTask;
        });

        Assert.IsType<DeliveryOutcome.Rejected>(await SendAsync(receiver));
        // A request that had followed would have been there before the outcome was.
        Assert.Empty(target.Requests);
    }

    [Fact]
    public async Task One_that_hangs_is_given_up_in_time()
    {
        await using var receiver = await ReceiverStub.AnsweringAsync(ReceiverStub.Hang);
        using var impatient = Sender(development: true, Bound);
        var started = Stopwatch.GetTimestamp();

        var outcome = await impatient.SendAsync(receiver.Address.AbsoluteUri, "a.b.c");

        Assert.Equal(new DeliveryOutcome.Retry(null, "no answer within 1 s"), outcome);
        // Without a bound there would be no outcome at all: this one hangs for ever.
        Assert.InRange(Stopwatch.GetElapsedTime(started), Bound * 0.9, Soon);
    }

    [Fact]
    public async Task Headers_that_drip_are_given_up_in_time()
    {
        using var listener = Listen(async (stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), cancel);
            using var drip = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (await drip.WaitForNextTickAsync(cancel))
            {
                await stream.WriteAsync("X: y\r\n"u8.ToArray(), cancel);
            }
        });

        using var impatient = Sender(development: true, Bound);

        Assert.Equal(new DeliveryOutcome.Retry(null, "no answer within 1 s"), await impatient.SendAsync(listener.Address, "a.b.c"));
    }

    [Fact]
    public async Task A_body_that_drips_is_not_waited_for()
    {
        var cut = new TaskCompletionSource();
        using var listener = Listen(async (stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"u8.ToArray(), cancel);
            await RawListener.ReadToEndAsync(stream, cancel);
            cut.SetResult();
        });

        Assert.IsType<DeliveryOutcome.Confirmed>(await _sender.SendAsync(listener.Address, "a.b.c"));
        await cut.Task.WaitAsync(Soon);
    }

    [Fact]
    public async Task Of_an_endless_body_little_is_read()
    {
        var sent = 0L;
        var cut = new TaskCompletionSource();
        using var listener = Listen(async (stream, cancel) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"u8.ToArray(), cancel);
            var chunk = Encoding.ASCII.GetBytes("1000\r\n" + new string('x', 4096) + "\r\n");
            try
            {
                while (true)
                {
                    await stream.WriteAsync(chunk, cancel);
                    Interlocked.Add(ref sent, chunk.Length);
                }
            }
            catch (IOException)
            {
                cut.SetResult();
            }
        });

        Assert.IsType<DeliveryOutcome.Confirmed>(await _sender.SendAsync(listener.Address, "a.b.c"));
        await cut.Task.WaitAsync(Soon);
        // What fits into the buffers of two sockets may have been sent; what was read of it is 4 KB.
        Assert.InRange(Interlocked.Read(ref sent), 0, 16 * 1024 * 1024);
    }

    [Fact]
    public async Task A_short_body_leaves_the_connection_for_the_next_token()
    {
        await using var receiver = await ReceiverStub.AnsweringAsync(context => context.Response.WriteAsync("signed out"));

        await SendAsync(receiver);
        await Eventually.TrueAsync(async () => await SendAsync(receiver) is DeliveryOutcome.Confirmed && Reused(receiver), Soon, "a connection is used twice");

        static bool Reused(ReceiverStub receiver) => receiver.Requests.Select(r => r.Connection).Distinct().Count() < receiver.Requests.Count;
    }

    [Fact]
    public async Task A_reset_may_pass()
    {
        await using var receiver = await ReceiverStub.AnsweringAsync(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        Assert.Equal(new DeliveryOutcome.Retry(null, "the connection broke before an answer"), await SendAsync(receiver));
    }

    [Fact]
    public async Task What_is_not_HTTP_may_pass()
    {
        using var listener = Listen((stream, cancel) => stream.WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray(), cancel).AsTask());

        Assert.Equal(new DeliveryOutcome.Retry(null, "the answer was not HTTP that can be read"), await _sender.SendAsync(listener.Address, "a.b.c"));
    }

    [Fact]
    public async Task Headers_without_end_may_pass()
    {
        using var listener = Listen((stream, cancel) =>
            stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nX: " + new string('x', 40_000)), cancel).AsTask());

        Assert.Equal(new DeliveryOutcome.Retry(null, "the answer was not HTTP that can be read"), await _sender.SendAsync(listener.Address, "a.b.c"));
    }

    [Fact]
    public async Task A_closed_port_may_pass() => Assert.Equal(
        new DeliveryOutcome.Retry(null, "not connected: nobody listens there"),
        await _sender.SendAsync($"http://127.0.0.1:{FreePorts.Next()}/", "a.b.c"));

    [Fact]
    public async Task A_name_that_does_not_resolve_may_pass() => Assert.Equal(
        new DeliveryOutcome.Retry(null, "not connected: the name did not resolve"),
        await _sender.SendAsync("http://logout.invalid/", "a.b.c"));

    [Fact]
    public async Task A_failed_handshake_may_pass()
    {
        await using var plain = await ReceiverStub.AnsweringAsync(200);

        var outcome = await _sender.SendAsync(plain.Address.AbsoluteUri.Replace("http:", "https:", StringComparison.Ordinal), "a.b.c");

        Assert.Equal(new DeliveryOutcome.Retry(null, "not connected: the TLS handshake or the certificate failed"), outcome);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("2130706433")]
    [InlineData("0x7f.1")]
    [InlineData("0177.0.0.1")]
    public async Task An_address_that_is_refused_is_not_connected_to(string host)
    {
        var connected = false;
        using var listener = Listen((_, _) => Task.FromResult(connected = true));
        using var guarded = Sender(development: false, Soon);

        var outcome = await guarded.SendAsync($"http://{host}:{listener.Port}/", "a.b.c");

        Assert.StartsWith("not connected: ", Assert.IsType<DeliveryOutcome.Retry>(outcome).Words, StringComparison.Ordinal);
        Assert.EndsWith("which is a loopback address; RelyingParties:AllowedNetworks would allow it", outcome.Words, StringComparison.Ordinal);
        Assert.False(connected);
    }

    private static LogoutTokenSender Sender(bool development, TimeSpan timeout) => new(
        Options.Create(new BackChannelLogoutOptions { Timeout = timeout }), AddressRule.From([], development), TimeProvider.System);

    private Task<DeliveryOutcome> SendAsync(ReceiverStub receiver) => _sender.SendAsync(receiver.Address.AbsoluteUri, "a.b.c");

    private static RawListener Listen(Func<NetworkStream, CancellationToken, Task> serve) => new(serve);
}
