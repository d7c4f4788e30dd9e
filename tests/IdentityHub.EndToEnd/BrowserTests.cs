using Xunit;

namespace IdentityHub.EndToEnd;

public sealed class BrowserTests(Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Windows_share_no_cookies()
    {
        await using var stub = await Faults.RelyingPartyStub.StartAsync("stub");
        var first = await _windows.OpenAsync();
        var second = await _windows.OpenAsync();
        await first.GotoAsync(stub.RedirectTarget.AbsoluteUri);
        await second.GotoAsync(stub.RedirectTarget.AbsoluteUri);

        await first.EvaluateAsync("document.cookie = 'seen=1'");

        Assert.Equal("seen=1", await first.EvaluateAsync<string>("document.cookie"));
        Assert.Equal("", await second.EvaluateAsync<string>("document.cookie"));
    }
}
