using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 28, clickjacking: no page of the hub can be framed. The account's, the administrator's and the second
/// factor's pages carry the same headers; issues 4 and 7 add them to this list.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_28_clickjacking(AttackedHub hub, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/register")]
    [InlineData("/end-session")]
    [InlineData("/signed-out")]
    [InlineData("/authorize")]
    [InlineData("{consent}")]
    [InlineData("{form_post}")]
    [InlineData("/no-such-page")]
    [InlineData("/sign-in?return_url=%ff")]
    [InlineData("/jwks")]
    [InlineData("/userinfo")]
    public async Task Every_answer_forbids_it(string path)
    {
        var visitor = await hub.VisitorAsync();
        var formPost = Requests.Authorize(hub.Notes.Settings);
        formPost["response_mode"] = "form_post";
        path = path
            .Replace("{consent}", Requests.At("/authorize", Requests.Authorize(hub.Asking)), StringComparison.Ordinal)
            .Replace("{form_post}", Requests.At("/authorize", formPost), StringComparison.Ordinal);

        var reply = await visitor.Wire.GetAsync(path);

        var policy = reply.Header("Content-Security-Policy")!;
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("DENY", reply.Header("X-Frame-Options"));
        Assert.Equal("nosniff", reply.Header("X-Content-Type-Options"));
        Assert.Equal("no-referrer", reply.Header("Referrer-Policy"));
    }

    [Theory]
    [InlineData("/sign-in", "#email")]
    [InlineData("/end-session", "#signed-out")]
    public async Task A_browser_does_not_show_it_in_a_frame(string path, string element)
    {
        var page = await _windows.OpenAsync();
        // The page itself, to know that it is one; then the same in a frame of the attacker's.
        await page.GotoAsync(new Uri(hub.Address, path).AbsoluteUri);
        await page.WaitForSelectorAsync(element);
        await page.GotoAsync(hub.Notes.RedirectTarget.AbsoluteUri);
        var refused = page.WaitForConsoleMessageAsync(new() { Predicate = message => message.Text.Contains("frame-ancestors", StringComparison.Ordinal) });

        await page.EvaluateAsync("address => { const frame = document.createElement('iframe'); frame.src = address; document.body.append(frame); }", new Uri(hub.Address, path).AbsoluteUri);

        await refused;
        Assert.Equal(0, await page.FrameLocator("iframe").Locator(element).CountAsync());
    }
}
