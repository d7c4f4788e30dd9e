using System.Net;

namespace IdentityHub.Client.Tests.Testing;

/// <summary>Keeps cookies and follows redirects, and can hand out a copy of its session cookie, as a thief would take it.</summary>
internal sealed class Browser : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly HttpClient _http;
    private readonly Uri _home;
    private readonly string _private;

    public Browser(Uri home, bool follow = true, string privatePage = "/private")
    {
        _home = home;
        _private = privatePage;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = follow }) { BaseAddress = home };
    }

    public string? SessionCookie
    {
        get => _cookies.GetCookies(_home)[Application.Cookie]?.Value;
        set => _cookies.Add(_home, new Cookie(Application.Cookie, value));
    }

    public Task<HttpResponseMessage> GetAsync(string path) => _http.GetAsync(path);

    public async Task<string> GetStringAsync(string path) => await _http.GetStringAsync(path);

    /// <summary>A sign-in that was begun in another tab, before this browser was signed in, and completes now.</summary>
    public async Task StartSignInWhileSignedInAsync()
    {
        var session = _cookies.GetCookies(_home)[Application.Cookie]!;
        using var other = new Browser(_home, follow: false);
        var toProvider = await other.GetAsync("/sign-in");
        foreach (Cookie cookie in other._cookies.GetCookies(new Uri(_home, "/signin-oidc")))
        {
            _cookies.Add(cookie);
        }

        Assert.Equal(session.Value, SessionCookie);
        (await _http.GetAsync(toProvider.Headers.Location)).EnsureSuccessStatusCode();
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption until = HttpCompletionOption.ResponseContentRead) =>
        _http.SendAsync(request, until);

    public Task<HttpResponseMessage> PostFormAsync(string path, params (string Name, string Value)[] form) =>
        _http.PostAsync(path, new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value))));

    /// <summary>The sign-out form of a page of the application itself.</summary>
    public Task<HttpResponseMessage> SignOutAsync(string fetchSite = "same-origin") =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, "/sign-out") { Headers = { { "Sec-Fetch-Site", fetchSite } } });

    /// <summary>Whether the session cookie, as it is now, still opens the application: without a redirect to the provider.</summary>
    public async Task<bool> IsSignedInAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _private) { Headers = { { "Sec-Fetch-Mode", "cors" } } };
        var answer = await _http.SendAsync(request);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.Unauthorized });
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public void Dispose() => _http.Dispose();
}
