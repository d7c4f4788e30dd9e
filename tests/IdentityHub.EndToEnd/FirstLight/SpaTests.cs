using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using IdentityHub.EndToEnd.Faults;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>A browser application behind a backend: no token in the browser, and a page that dies while it is looked at.</summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed class SpaTests(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    private SampleApplication Spa => installation.Spa;

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Signing_out_elsewhere_empties_the_open_page_and_kills_a_copy_of_its_cookie()
    {
        var person = await installation.NewPersonAsync();
        var page = await SignedInAsync(person);
        var copy = await page.Context.CopyCookiesAsync();
        Assert.True(await Spa.KnowsAsync(copy));
        var notes = await page.Context.NewPageAsync();
        await notes.GotoAsync(installation.Notes.Dashboard.AbsoluteUri);

        await notes.SignOutAtNotesAsync(installation);

        // Nobody touches it.
        await page.WaitForSelectorAsync("#signed-out");
        var html = await page.ContentAsync();
        Assert.DoesNotContain(person.Name, html, StringComparison.Ordinal);
        Assert.DoesNotContain("Buy milk", html, StringComparison.Ordinal);
        Assert.False(await Spa.KnowsAsync(copy));
    }

    [Fact]
    public async Task No_token_ever_reaches_the_browser()
    {
        var page = await _windows.OpenAsync();
        var bodies = new ConcurrentQueue<Task<string>>();
        page.Response += (_, answer) =>
        {
            // The hub's own pages are not the application's, and a stream of events has no end.
            if (answer.Url.StartsWith(Spa.Address.AbsoluteUri, StringComparison.Ordinal) && answer.Status == 200 && !answer.Url.EndsWith("/session", StringComparison.Ordinal))
            {
                bodies.Enqueue(answer.TextAsync());
            }
        };
        await SignInAsync(page, await installation.NewPersonAsync());

        var seen = string.Join('\n', await Task.WhenAll(bodies));
        Assert.Contains("\"sub\"", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", seen, StringComparison.Ordinal); // how every JWT begins
        Assert.Equal("", await page.EvaluateAsync<string>("document.cookie"));
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length + sessionStorage.length"));
        Assert.Equal(0, await page.EvaluateAsync<int>("indexedDB.databases().then(all => all.length)"));
        var cookie = Assert.Single(await page.Context.CookiesAsync([Spa.Address.AbsoluteUri]), c => c.Name == "spa");
        Assert.True(cookie.HttpOnly);
        Assert.Equal(43, cookie.Value.Length);
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_the_page_and_what_was_typed_stays()
    {
        var page = await SignedInAsync(await installation.NewPersonAsync());

        await page.FillAsync("#text", "   ");
        await page.ClickAsync("#save");

        await page.GetByText("A task has between 1 and 200 characters.").WaitForAsync();
        Assert.Equal("   ", await page.InputValueAsync("#text"));
    }

    [Theory] // a form of another site can send the first type, and cannot send the header
    [InlineData("text/plain", false, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", false, HttpStatusCode.Forbidden)]
    [InlineData("application/json", true, HttpStatusCode.OK)]
    public async Task Only_its_own_script_can_change_something(string type, bool own, HttpStatusCode status)
    {
        var page = await SignedInAsync(await installation.NewPersonAsync());
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Spa.Address, "/api/tasks"))
        {
            Content = new StringContent(JsonSerializer.Serialize(new { text = "mine" }), System.Text.Encoding.UTF8, type),
        };
        (await page.Context.CopyCookiesAsync()).ApplyTo(request.Headers);
        if (own)
        {
            request.Headers.Add("X-Spa", "1");
        }

        using var answer = await HubPages.SendAsync(request);

        Assert.Equal(status, answer.StatusCode);
    }

    private async Task<IPage> SignedInAsync(Person person)
    {
        var page = await _windows.OpenAsync();
        await SignInAsync(page, person);
        return page;
    }

    /// <summary>Signs in and keeps a task.</summary>
    private async Task SignInAsync(IPage page, Person person)
    {
        await page.GotoAsync(Spa.Address.AbsoluteUri);
        await page.ClickAsync("#sign-in");
        await page.FillSignInAsync(person);
        await page.ArriveAtAsync(Spa.Address.AbsoluteUri);
        await page.GetByText($"Hello, {person.Name}.").WaitForAsync();
        await page.FillAsync("#text", "Buy milk");
        await page.ClickAsync("#save");
        await page.GetByText("Buy milk").WaitForAsync();
    }
}
