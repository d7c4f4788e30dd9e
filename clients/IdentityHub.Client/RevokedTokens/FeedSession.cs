using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.RevokedTokens;

/// <summary>
/// Opens the stream: finds the addresses in the provider's metadata, gets an access token and renews it before it is of no
/// use. One caller at a time.
/// </summary>
internal sealed class FeedSession(IHttpClientFactory http, IOptions<RevokedTokenCheckOptions> options, TimeProvider time)
{
    public const string HttpClientName = "IdentityHub.Client.RevokedTokens";

    // The stream ends with its token: a new one is asked for rather than a stream of some seconds.
    private static readonly TimeSpan WorthUsing = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(10);

    private (Uri Token, Uri Feed)? _addresses;
    private (string Value, DateTimeOffset Until)? _token;

    /// <exception cref="FeedProblemException">The provider answered with something else than the stream.</exception>
    public async Task<HttpResponseMessage> OpenAsync(string? lastEventId, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var late = new CancellationTokenSource(AnswerWithin, time);
        using var registration = late.Token.Register(limit.Cancel);
        try
        {
            return await OpenWithinAsync(lastEventId, limit.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new FeedProblemException($"{options.Value.Authority} did not answer within {AnswerWithin.TotalSeconds:0} seconds.");
        }
    }

    private async Task<HttpResponseMessage> OpenWithinAsync(string? lastEventId, CancellationToken cancel)
    {
        var addresses = _addresses ??= await FindAsync(cancel);
        if (_token is not { } known || known.Until - time.GetUtcNow() < WorthUsing)
        {
            _token = known = await TokenAsync(addresses.Token, cancel);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, addresses.Feed);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", known.Value);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        if (lastEventId is not null)
        {
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        }

        var answer = await Client().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        if (answer.StatusCode is HttpStatusCode.OK && answer.Content.Headers.ContentType?.MediaType is "text/event-stream")
        {
            return answer;
        }

        using (answer)
        {
            // Whatever was wrong, the next attempt takes nothing for granted.
            (_token, _addresses) = (null, null);
            throw new FeedProblemException(answer.StatusCode switch
            {
                HttpStatusCode.Unauthorized => $"{addresses.Feed} does not take the access token: {Challenge(answer)}",
                HttpStatusCode.Forbidden => $"{addresses.Feed} refuses the client '{options.Value.ClientId}'; register it with the grant client_credentials and the scope {options.Value.Scope}.",
                HttpStatusCode.OK => $"{addresses.Feed} is no event stream but {answer.Content.Headers.ContentType}; set FeedAddress to the provider's revocation feed.",
                var other => $"{addresses.Feed} answered {(int)other}.",
            });
        }
    }

    private async Task<(Uri Token, Uri Feed)> FindAsync(CancellationToken cancel)
    {
        var authority = options.Value.Authority!.TrimEnd('/');
        using var answer = await Client().GetAsync($"{authority}/.well-known/openid-configuration", cancel);
        var metadata = await JsonAsync(answer, cancel);
        if (answer.StatusCode is not HttpStatusCode.OK || metadata is not { } json)
        {
            throw new FeedProblemException($"{authority} has no OpenID Connect metadata ({(int)answer.StatusCode}); set Authority to the provider's issuer.");
        }

        // Discovery §4.3: the metadata must name the issuer it was asked for.
        if (Text(json, "issuer")?.TrimEnd('/') != authority)
        {
            throw new FeedProblemException($"The provider's metadata name the issuer '{Text(json, "issuer")}', but Authority is '{authority}'; set Authority to the provider's issuer.");
        }

        return (Secure("token_endpoint", Text(json, "token_endpoint")),
            Secure("revocation_feed_endpoint", options.Value.FeedAddress ?? Text(json, "revocation_feed_endpoint")));

        // Where the client's secret and its token go.
        Uri Secure(string name, string? value) =>
            Uri.TryCreate(value, UriKind.Absolute, out var uri) && (uri.Scheme is "https" || (uri.Scheme is "http" && uri.IsLoopback))
                ? uri
                : throw new FeedProblemException(value is null
                    ? $"The metadata of {authority} have no {name}: the provider offers no revocation feed, or FeedAddress must say where it is."
                    : $"The metadata of {authority} say '{value}' as {name}; it must be an https address.");
    }

    private async Task<(string, DateTimeOffset)> TokenAsync(Uri endpoint, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        // RFC 6749 §2.3.1: both parts are form-encoded first.
        var credentials = $"{WebUtility.UrlEncode(options.Value.ClientId)}:{WebUtility.UrlEncode(options.Value.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        request.Content = new FormUrlEncodedContent(new Dictionary<string, string> { ["grant_type"] = "client_credentials", ["scope"] = options.Value.Scope });
        var now = time.GetUtcNow();
        using var answer = await Client().SendAsync(request, cancel);
        var json = await JsonAsync(answer, cancel);
        if (answer.StatusCode is HttpStatusCode.OK && json is { } good && Text(good, "access_token") is { } token)
        {
            return (token, now.AddSeconds(good.TryGetProperty("expires_in", out var seconds) && seconds.TryGetInt64(out var value) ? value : 60));
        }

        var error = json is { } bad ? Text(bad, "error") : null;
        throw new FeedProblemException(error switch
        {
            "invalid_client" => $"{endpoint} does not know the client '{options.Value.ClientId}' or its secret; set ClientId and ClientSecret to what is registered there.",
            "unauthorized_client" => $"The client '{options.Value.ClientId}' may not use client_credentials; add that grant to its registration.",
            "invalid_scope" or "invalid_request" => $"The client '{options.Value.ClientId}' may not ask for the scope {options.Value.Scope}; add it to its registration.",
            _ => $"{endpoint} answered {(int)answer.StatusCode}{(error is null ? "" : $" with {error}")}.",
        });
    }

    private HttpClient Client() => http.CreateClient(HttpClientName);

    private static string Challenge(HttpResponseMessage answer) => answer.Headers.WwwAuthenticate.ToString() is { Length: > 0 } header ? header : "it says nothing more.";

    private static async Task<JsonElement?> JsonAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync(cancel), cancellationToken: cancel);
            return document.RootElement.ValueKind is JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            // An error page of a proxy: the status says the rest.
            return null;
        }
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;
}
