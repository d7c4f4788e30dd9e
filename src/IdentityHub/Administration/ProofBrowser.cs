using System.Net;
using System.Net.Sockets;
using IdentityHub.BackChannelLogout;
using IdentityHub.RelyingParties;

namespace IdentityHub.Administration;

/// <summary>
/// A browser without a person: opens a page of an application, keeps the cookies it is given, follows where it is sent,
/// also through the hub. The application is not trusted with time, memory or directions: every hop is judged like a
/// registered address and connected to under the address rule, and the cookie of the synthetic session goes to the hub's
/// own origin and nowhere else.
/// </summary>
internal sealed class ProofBrowser : IDisposable
{
    private const int MostHops = 15;
    private const int MostOfBody = 64 * 1024;

    private static readonly string NotInTime = $"not connected within {ProofJourney.ConnectWithin.TotalSeconds:0} s";

    private readonly HttpMessageInvoker _applications;
    private readonly HttpMessageInvoker _hub;
    private readonly CookieContainer _cookies = new();
    private readonly ProofJourney _journey;

    public ProofBrowser(ProofJourney journey, AddressRule rule, TimeProvider time)
    {
        _journey = journey;
        _applications = new(Handler(new GuardedConnect(rule, ProofJourney.ConnectWithin, time)));
        // The hub's own address may well be one that no application may have.
        _hub = new(Handler(null));
    }

    /// <summary>Opens the page and says where that led.</summary>
    /// <param name="page">The registered page.</param>
    /// <param name="throughHub">Whether to go on at the hub, where the synthetic person is signed in; otherwise that is where it ends.</param>
    /// <param name="cancel">The end of the whole trial.</param>
    public async Task<ProofVisit> OpenAsync(Uri page, bool throughHub, CancellationToken cancel)
    {
        var (address, form, asked) = (page, (IReadOnlyList<KeyValuePair<string, string>>?)null, false);
        for (var hop = 0; hop < MostHops; hop++)
        {
            var atHub = _journey.IsHub(address);
            if (atHub && _journey.IsAuthorize(address))
            {
                if (!_journey.IsOfApplication(address))
                {
                    return new(ProofSight.OtherAnswer, address, null, "it asks the hub for a sign-in to another application (client_id)");
                }

                if (!throughHub)
                {
                    return new(ProofSight.SentToHub, address, null, null);
                }

                asked = true;
            }
            else if (!atHub && _journey.Refusal(address) is { } refusal)
            {
                return new(ProofSight.NoAnswer, address, null, refusal);
            }

            try
            {
                using var answer = await SendAsync(address, form, atHub, cancel);
                if (Next(address, answer) is { } next)
                {
                    // RFC 9110 §15.4: 307 and 308 keep the method and what was sent, the others become a GET.
                    form = (int)answer.StatusCode is 307 or 308 ? form : null;
                    address = next;
                }
                else if (atHub && ProofForm.Read(await BodyAsync(answer, cancel)) is { } posted)
                {
                    (address, form) = (new Uri(posted.Action), posted.Fields);
                }
                else
                {
                    return Judge(address, (int)answer.StatusCode, atHub, asked, throughHub);
                }
            }
            catch (HttpRequestException problem)
            {
                return new(ProofSight.NoAnswer, address, null, Words(problem));
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                // The handler gave up connecting; the trial has time left.
                return new(ProofSight.NoAnswer, address, null, NotInTime);
            }
        }

        return new(ProofSight.OtherAnswer, address, null, $"more than {MostHops} redirects");
    }

    public void Dispose()
    {
        _applications.Dispose();
        _hub.Dispose();
    }

    private async Task<HttpResponseMessage> SendAsync(Uri address, IReadOnlyList<KeyValuePair<string, string>>? form, bool atHub, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(form is null ? HttpMethod.Get : HttpMethod.Post, address);
        request.Content = form is null ? null : new FormUrlEncodedContent(form);
        request.Headers.TryAddWithoutValidation("Accept", "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8");
        request.Headers.TryAddWithoutValidation("User-Agent", "IdentityHub (logout proof)");
        if (atHub)
        {
            request.Headers.TryAddWithoutValidation("Cookie", _journey.HubCookie);
            return await _hub.SendAsync(request, cancel);
        }

        if (_cookies.GetCookieHeader(address) is { Length: > 0 } cookies)
        {
            request.Headers.TryAddWithoutValidation("Cookie", cookies);
        }

        var answer = await _applications.SendAsync(request, cancel);
        Keep(address, answer);
        return answer;
    }

    private void Keep(Uri address, HttpResponseMessage answer)
    {
        foreach (var cookie in answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
        {
            try
            {
                _cookies.SetCookies(address, cookie);
            }
            catch (CookieException)
            {
                // Not one that a browser would keep.
            }
        }

        if (address.IsLoopback)
        {
            // As browsers do: the machine itself counts as secure.
            foreach (var cookie in _cookies.GetAllCookies().Where(c => c.Domain.TrimStart('.') == address.Host))
            {
                cookie.Secure = false;
            }
        }
    }

    private static Uri? Next(Uri address, HttpResponseMessage answer) =>
        (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308 && answer.Headers.Location is { } location ? new Uri(address, location) : null;

    private static ProofVisit Judge(Uri address, int status, bool atHub, bool asked, bool throughHub) => new(
        atHub ? ProofSight.StoppedAtHub
            : status is 401 or 403 ? ProofSight.Refused
            : status is >= 200 and < 300 ? ProofSight.Page
            : ProofSight.OtherAnswer,
        address,
        status,
        throughHub && !asked ? "it did not ask the hub" : null)
    {
        AskedHub = asked,
    };

    private static async Task<string> BodyAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[MostOfBody];
        var read = await stream.ReadAtLeastAsync(buffer, MostOfBody, throwOnEndOfStream: false, cancel);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, read);
    }

    private static string Words(HttpRequestException problem) => problem switch
    {
        { InnerException: RefusedAddressException refused } => $"not connected: {refused.Message}",
        { HttpRequestError: HttpRequestError.NameResolutionError } => "not connected: the name did not resolve",
        { HttpRequestError: HttpRequestError.SecureConnectionError } => "not connected: the TLS handshake or the certificate failed",
        { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } => "not connected: nobody listens there",
        // The handler's own bound ended the guard's attempt.
        { InnerException: SocketException { SocketErrorCode: SocketError.TimedOut } or OperationCanceledException } => NotInTime,
        _ => "the connection failed",
    };

    private static SocketsHttpHandler Handler(GuardedConnect? guard)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            ConnectTimeout = ProofJourney.ConnectWithin,
            MaxResponseHeadersLength = 32,
            MaxResponseDrainSize = MostOfBody,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
        };
        handler.ConnectCallback = guard is null ? null : guard.OpenAsync;
        return handler;
    }
}

/// <summary>Where opening a page led.</summary>
/// <param name="Seen">What was seen.</param>
/// <param name="Address">Where it ended.</param>
/// <param name="Status">The last answer; null where there was none.</param>
/// <param name="Detail">More of it.</param>
internal sealed record ProofVisit(ProofSight Seen, Uri Address, int? Status, string? Detail)
{
    /// <summary>Whether the way led through the hub.</summary>
    public bool AskedHub { get; init; }
}
