using System.Net;
using IdentityHub.Tests.Pages;
using IdentityHub.Users;

namespace IdentityHub.Tests.Account;

/// <summary>A browser without script: keeps cookies, posts forms as the page gave them, follows no redirect.</summary>
internal sealed class Visitor(Uri hub) : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private HttpClient? _client;
    private string? _formToken;

    /// <summary>The value of the session cookie, null when there is none.</summary>
    public string? SessionCookie
    {
        get => _cookies.GetCookies(hub)["hub"]?.Value;
        set => _cookies.Add(hub, new Cookie("hub", value));
    }

    /// <summary>The cookie that tells this browser from others.</summary>
    public string? DeviceCookie
    {
        get => _cookies.GetCookies(hub)["hub-device"]?.Value;
        set => _cookies.Add(hub, new Cookie("hub-device", value));
    }

    /// <summary>The cookie between the password and the second factor.</summary>
    public string? HalfCookie
    {
        get => _cookies.GetCookies(hub)["hub-half"]?.Value;
        set => _cookies.Add(hub, new Cookie("hub-half", value));
    }

    private HttpClient Client => _client ??= new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = _cookies })
    {
        BaseAddress = hub,
        DefaultRequestHeaders = { { "Accept", "text/html" } },
    };

    public Task<Answer> GetAsync(string path) => Answer.OfAsync(Client.GetAsync(path));

    /// <summary>An answer that has begun and may have no end; whoever asks disposes of it.</summary>
    public Task<HttpResponseMessage> OpenAsync(string path) => Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);

    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] fields) =>
        Answer.OfAsync(Client.PostAsync(path, new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))));

    /// <summary>
    /// Asks without reading the answer's body, which may have no end; a form is sent with the proof that it came from a page
    /// of the hub, and nothing else; the API gets an empty object.
    /// </summary>
    public async Task<(HttpStatusCode Status, string? Location)> AskAsync(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method != "GET" && path.StartsWith("/api/", StringComparison.Ordinal))
        {
            request.Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json");
        }
        else if (method != "GET")
        {
            _formToken ??= (await GetAsync("/sign-in")).FormToken;
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", _formToken!)]);
        }

        using var answer = await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (answer.StatusCode, answer.Headers.Location?.OriginalString);
    }

    /// <summary>Opens the page and sends its form with these fields.</summary>
    public async Task<Answer> FillAsync(string path, params (string Name, string Value)[] fields) =>
        await PostAsync(path.Split('?')[0], [("__RequestVerificationToken", (await GetAsync(path)).FormToken!), .. fields]);

    /// <summary>Sends a form of the page to another address than its own.</summary>
    public async Task<Answer> PostFromAsync(string page, string path, params (string Name, string Value)[] fields) =>
        await PostAsync(path, [("__RequestVerificationToken", (await GetAsync(page)).FormToken!), .. fields]);

    public Task<Answer> SignInAsync(User user, string password = StartedHub.Password, string returnUrl = "/") =>
        FillAsync("/sign-in", ("email", user.Email!), ("password", password), ("return_url", returnUrl));

    /// <summary>The second factor, after the password.</summary>
    public Task<Answer> EnterCodeAsync(string code, params (string, string)[] more) => FillAsync("/sign-in/code", [("code", code), .. more]);

    public void Dispose() => _client?.Dispose();
}
