using System.Net;

namespace IdentityHub.EndToEnd.Faults;

/// <summary>
/// A browser without script, looking at the hub's pages only: follows redirects within the hub, keeps cookies, and stops
/// where the hub sends the person to somebody else or shows a page.
/// </summary>
internal sealed class HubPages(Uri hub, CookieJar cookies)
{
    private const int MostRedirects = 10;

    // One for all people of all tests: cookies are kept per person, connections are not.
    private static readonly HttpClient Http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5),
    })
    {
        Timeout = TimeSpan.FromSeconds(60),
    };

    public static Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken leave = default) => Http.SendAsync(request, leave);

    public Task<Page> GetAsync(Uri address) => BrowseAsync(new HttpRequestMessage(HttpMethod.Get, address));

    public Task<Page> PressAsync(Page page, HtmlForm form, string buttonId, params IEnumerable<(string InputId, string Value)> filled) =>
        BrowseAsync(new HttpRequestMessage(HttpMethod.Post, form.Action.Length == 0 ? page.Address : new Uri(page.Address, WebUtility.HtmlDecode(form.Action)))
        {
            Content = new FormUrlEncodedContent(form.Press(buttonId, filled)),
        });

    public Task<Page> PostAsync(Uri address, IEnumerable<KeyValuePair<string, string>> fields) =>
        BrowseAsync(new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(fields) });

    private async Task<Page> BrowseAsync(HttpRequestMessage request)
    {
        var page = await VisitAsync(request);
        for (var hop = 0; page.Redirects && IsTheHubs(page.Address); hop++)
        {
            if (hop == MostRedirects)
            {
                throw new InvalidOperationException($"The hub redirected more than {MostRedirects} times, last to {page.Address}.");
            }

            page = await VisitAsync(new HttpRequestMessage(HttpMethod.Get, page.Address));
        }

        return page;
    }

    private async Task<Page> VisitAsync(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        using (request)
        {
            cookies.ApplyTo(request.Headers);
            using var answer = await SendAsync(request);
            cookies.Take(answer.Headers, TimeProvider.System.GetUtcNow());
            return (int)answer.StatusCode is >= 300 and < 400 && answer.Headers.Location is { } location
                ? new Page(new Uri(address, location), answer.StatusCode, "")
                : new Page(address, answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    private bool IsTheHubs(Uri address) => Uri.Compare(address, hub, UriComponents.SchemeAndServer, UriFormat.Unescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
