using System.Net;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace IdentityHub.EndToEnd.Faults;

public sealed class RelyingPartyStubTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private RelyingPartyStub _stub = null!;

    public async ValueTask InitializeAsync() => _stub = await RelyingPartyStub.StartAsync("stub");

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _stub.DisposeAsync();
    }

    [Theory]
    [InlineData(200)]
    [InlineData(204)]
    [InlineData(400)]
    [InlineData(503)]
    public async Task It_answers_with_the_status_it_was_told(int status)
    {
        _stub.Answer = new BackChannelAnswer.Status(status);

        using var answer = await PostAsync("s1");

        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Fact]
    public async Task Every_token_is_kept_decoded_and_in_order()
    {
        _stub.Answer = new BackChannelAnswer.Status(503);
        using var first = await PostAsync("s1");
        _stub.Answer = BackChannelAnswer.NoContent;
        using var second = await PostAsync("s1");

        var confirmed = await _stub.WaitForConfirmedLogoutAsync("s1", Soon);

        Assert.Equal(["s1", "s1"], _stub.Received.Select(logout => logout.Sid));
        Assert.Equal(_stub.Received[1], confirmed);
        Assert.True(_stub.Received[0].At <= _stub.Received[1].At);
        Assert.Equal("logout+jwt", (string?)confirmed.Header["typ"]);
    }

    [Fact]
    public async Task A_body_that_is_no_token_is_counted_as_unreadable()
    {
        using var answer = await _http.PostAsync(_stub.Settings.BackChannelLogoutUri, new FormUrlEncodedContent([new("logout_token", "no.token")]));

        Assert.Equal(1, _stub.Unreadable);
        Assert.Empty(_stub.Received);
    }

    [Fact]
    public async Task Waiting_for_a_token_that_does_not_come_fails_and_tells_what_came()
    {
        using var answer = await PostAsync("s1");

        var failure = await Assert.ThrowsAsync<TimeoutException>(() => _stub.WaitForLogoutAsync("s2", TimeSpan.FromMilliseconds(60)));

        Assert.Contains("sid s1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hanging_takes_the_token_and_gives_nothing()
    {
        _stub.Answer = new BackChannelAnswer.Hang();
        var answer = PostAsync("s1");

        await _stub.WaitForLogoutAsync("s1", Soon);

        Assert.False(answer.IsCompleted);
        await _stub.DisposeAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task Reset_is_a_TCP_reset()
    {
        _stub.Answer = new BackChannelAnswer.Reset();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("s1"));

        Assert.Equal(SocketError.ConnectionReset, InnermostSocketError(failure));
    }

    [Fact]
    public async Task Garbage_is_no_HTTP()
    {
        _stub.Answer = new BackChannelAnswer.Garbage();

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("s1"));

        Assert.Equal(HttpRequestError.InvalidResponse, failure.HttpRequestError);
    }

    [Fact]
    public async Task A_slow_body_begins_at_once_and_does_not_end()
    {
        _stub.Answer = new BackChannelAnswer.SlowBody(TimeSpan.FromMilliseconds(5));

        using var answer = await PostAsync("s1");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(8, await ReadAsync(answer, 8));
    }

    [Fact]
    public async Task An_endless_body_has_more_than_anybody_should_read()
    {
        _stub.Answer = new BackChannelAnswer.EndlessBody();

        using var answer = await PostAsync("s1");

        Assert.Equal(8 * 1024 * 1024, await ReadAsync(answer, 8 * 1024 * 1024));
    }

    [Fact]
    public async Task A_redirect_that_is_followed_is_seen()
    {
        _stub.Answer = new BackChannelAnswer.Redirect(_stub.RedirectTarget);
        using var answer = await PostAsync("s1");
        Assert.Equal(0, _stub.RedirectsFollowed);

        using var followed = await _http.GetAsync(answer.Headers.Location);

        Assert.Equal(1, _stub.RedirectsFollowed);
    }

    private async Task<HttpResponseMessage> PostAsync(string sid)
    {
        var token = $"{Part("""{"typ":"logout+jwt"}""")}.{Part($$"""{"sid":"{{sid}}"}""")}.c2ln";
        using var request = new HttpRequestMessage(HttpMethod.Post, _stub.Settings.BackChannelLogoutUri)
        {
            Content = new FormUrlEncodedContent([new("logout_token", token)]),
        };
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    private static string Part(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));

    private static async Task<int> ReadAsync(HttpResponseMessage answer, int wanted)
    {
        await using var body = await answer.Content.ReadAsStreamAsync();
        return await body.ReadAtLeastAsync(new byte[wanted], wanted);
    }

    private static SocketError? InnermostSocketError(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is SocketException socket)
            {
                return socket.SocketErrorCode;
            }
        }

        return null;
    }
}
