using System.Net.Sockets;
using System.Text;
using IdentityHub.EndToEnd.Faults;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>One request and its answer, nothing followed and nothing repaired: what an attacker sends.</summary>
internal sealed class Wire(Uri hub, CookieJar? cookies = null)
{
    public Uri Hub => hub;

    public CookieJar Cookies { get; } = cookies ?? new CookieJar();

    public Task<Reply> GetAsync(string pathAndQuery, params (string Name, string Value)[] headers) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(hub, pathAndQuery)), headers);

    public Task<Reply> PostAsync(string pathAndQuery, IEnumerable<KeyValuePair<string, string>> fields, params (string Name, string Value)[] headers) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(hub, pathAndQuery)) { Content = new FormUrlEncodedContent(fields) }, headers);

    public async Task<Reply> SendAsync(HttpRequestMessage request, params (string Name, string Value)[] headers)
    {
        using (request)
        {
            if (!request.Headers.Contains("Accept"))
            {
                request.Headers.TryAddWithoutValidation("Accept", "text/html");
            }

            foreach (var (name, value) in headers)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }

            Cookies.ApplyTo(request.Headers);
            using var answer = await HubPages.SendAsync(request);
            Cookies.Take(answer.Headers, TimeProvider.System.GetUtcNow());
            return await Reply.OfAsync(request.RequestUri!, answer);
        }
    }

    /// <summary>Where a redirect within the hub leads.</summary>
    public Task<Reply> FollowAsync(Reply reply) => GetAsync(reply.Location!.PathAndQuery);

    /// <summary>These bytes and no others, for what an honest client cannot be made to send.</summary>
    /// <returns>The answer as it came, until the hub closed the connection.</returns>
    public async Task<string> RawAsync(string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(hub.Host, hub.Port);
        await using var stream = socket.GetStream();
        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = reader.ReadToEndAsync();
        try
        {
            await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        }
        catch (IOException)
        {
            // The hub may have answered and closed before all of a long request was sent; its answer tells.
        }

        return await answer.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>A request with this body, sent as raw bytes.</summary>
    public Task<string> RawPostAsync(string path, string body, string contentType = "application/x-www-form-urlencoded") => RawAsync(
        $"POST {path} HTTP/1.1\r\nHost: {hub.Authority}\r\nContent-Type: {contentType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}");

    /// <summary>A form that is announced and not sent: the hub has to refuse it by its length alone.</summary>
    /// <returns>The status.</returns>
    public async Task<int> AnnounceAsync(string path, int length) => StatusOf(await RawAsync(
        $"POST {path} HTTP/1.1\r\nHost: {hub.Authority}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"));

    public Task<string> RawGetAsync(string path) => RawAsync($"GET {path} HTTP/1.1\r\nHost: {hub.Authority}\r\nConnection: close\r\n\r\n");

    /// <summary>The status of a raw answer.</summary>
    public static int StatusOf(string raw) => int.Parse(raw.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
}
