using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.EndToEnd.Races;

namespace IdentityHub.EndToEnd.Crashes;

/// <summary>
/// One question to a node that only a live session can make it answer with yes, asked raw, because what an error looks
/// like is what matters.
/// </summary>
internal sealed partial record Probe(string Name, Func<HttpRequestMessage> Ask, Func<HttpStatusCode, string, bool> SaysYes)
{
    public static IEnumerable<Probe> Of(Uri node, RaceHub hub, Guest guest, Tokens tokens) =>
    [
        new($"cookie at {node}", () => WithCookie(guest, new Uri(node, "/")), (_, body) => body.Contains("id=\"sign-out\"", StringComparison.Ordinal)),
        new($"userinfo at {node}", () => Bearer(tokens, new Uri(node, "/userinfo")), (status, _) => status == HttpStatusCode.OK),
        new($"introspection at {node}", () => Posted(hub.Notes, new Uri(node, "/introspect"), new() { ["token"] = tokens.AccessToken }), (_, body) => body.Contains("\"active\":true", StringComparison.Ordinal)),
        new($"refresh at {node}", () => Posted(hub.Notes, new Uri(node, "/token"), new() { ["grant_type"] = "refresh_token", ["refresh_token"] = tokens.RefreshToken! }), (status, _) => status == HttpStatusCode.OK),
    ];

    /// <summary>Yes or no; an error that shows the hub's inside is neither.</summary>
    public async Task<(bool Yes, HttpStatusCode Status)> AskAsync()
    {
        using var request = Ask();
        using var answer = await HubPages.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        return Insides().IsMatch(body)
            ? throw new InvalidOperationException($"{Name} answered {(int)answer.StatusCode} and showed its inside: {body}")
            : (SaysYes(answer.StatusCode, body), answer.StatusCode);
    }

    private static HttpRequestMessage WithCookie(Guest guest, Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.ParseAdd("text/html");
        guest.Browser.Cookies.ApplyTo(request.Headers);
        return request;
    }

    private static HttpRequestMessage Bearer(Tokens tokens, Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.AccessToken);
        return request;
    }

    private static HttpRequestMessage Posted(RelyingPartySettings client, Uri address, Dictionary<string, string> fields)
    {
        var credentials = $"{WebUtility.UrlEncode(client.ClientId)}:{WebUtility.UrlEncode(client.ClientSecret)}";
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        return request;
    }

    [GeneratedRegex(@"Npgsql|Exception|\.cs:line|^\s+at [\w.]+\(|System\.|SQLSTATE|127\.0\.0\.1:", RegexOptions.Multiline)]
    private static partial Regex Insides();
}
