using System.Net.Http.Headers;
using System.Net.Sockets;
using IdentityHub.RelyingParties;
using Microsoft.Extensions.Options;

namespace IdentityHub.BackChannelLogout;

/// <summary>
/// Posts a logout token (Back-Channel Logout §2.5) and says what came of it. The other end is not trusted with time,
/// memory or directions: one bounded attempt, the status line decides, redirects are not followed, of the body at most
/// 4 KB are read and thrown away so that the connection can be used again.
/// </summary>
internal sealed class LogoutTokenSender : IDisposable
{
    private const int MostOfBody = 4096;

    private readonly HttpMessageInvoker _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    public LogoutTokenSender(IOptions<BackChannelLogoutOptions> options, AddressRule rule, TimeProvider time)
    {
        (_timeout, _time) = (options.Value.Timeout, time);
        _http = new HttpMessageInvoker(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectCallback = new GuardedConnect(rule, _timeout, time).OpenAsync,
            // A request that is given up leaves its connecting behind; this ends that too.
            ConnectTimeout = _timeout,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = MostOfBody,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            // Old enough to be reused by a burst, young enough to follow a change of address.
            PooledConnectionLifetime = TimeSpan.FromMinutes(2),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
        });
    }

    /// <param name="uri">The registered address.</param>
    /// <param name="logoutToken">What it is posted.</param>
    /// <param name="giveBack">The node stops and waits no longer: it may pass on another node, at once.</param>
    public async Task<DeliveryOutcome> SendAsync(string uri, string logoutToken, CancellationToken giveBack = default)
    {
        using var timeout = new CancellationTokenSource(_timeout, _time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, giveBack);
        // §2.5: this one parameter. Others would be allowed, and the certification suite warns about them.
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new FormUrlEncodedContent([new("logout_token", logoutToken)]),
        };
        try
        {
            // Returns with the headers; disposing the answer reads what little may remain.
            using var answer = await _http.SendAsync(request, bound.Token);
            return DeliveryOutcome.OfStatus((int)answer.StatusCode, Asked(answer.Headers.RetryAfter));
        }
        catch (OperationCanceledException) when (giveBack.IsCancellationRequested && !timeout.IsCancellationRequested)
        {
            return new DeliveryOutcome.GivenBack();
        }
        catch (OperationCanceledException)
        {
            return new DeliveryOutcome.Retry(null, $"no answer within {_timeout.TotalSeconds:0.#} s");
        }
        catch (HttpRequestException ex)
        {
            return new DeliveryOutcome.Retry(null, Words(ex));
        }
    }

    public void Dispose() => _http.Dispose();

    // RFC 9110 §10.2.3: seconds, or a date.
    private TimeSpan? Asked(RetryConditionHeaderValue? header) => header?.Delta ?? (header?.Date - _time.GetUtcNow());

    // A refused address may pass as well, hence no rejection: were it final, whoever spoils a name for a second would
    // have silenced a logout for good; and an operator who allows the network is not too late.
    private static string Words(HttpRequestException ex) => ex switch
    {
        { InnerException: RefusedAddressException refused } => $"not connected: {refused.Message}; RelyingParties:AllowedNetworks would allow it",
        { HttpRequestError: HttpRequestError.NameResolutionError } => "not connected: the name did not resolve",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "not connected: the TLS handshake or the certificate failed",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "not connected: nobody listens there",
        { HttpRequestError: HttpRequestError.ConnectionError } => "not connected: the network failed",
        { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection broke before an answer",
        { HttpRequestError: HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => "the answer was not HTTP that can be read",
        _ => "the connection broke before an answer",
    };
}
