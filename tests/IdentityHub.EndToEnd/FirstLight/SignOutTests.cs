using System.Diagnostics;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>One sign-out ends every application, at the server, whoever copied what.</summary>
public abstract class SignOutTests(Installation installation, Browser browser) : IAsyncDisposable
{
    private static readonly TimeSpan TwoSeconds = TimeSpan.FromSeconds(2);

    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Signing_out_in_Notes_ends_every_application_the_hub_and_all_tokens()
    {
        var (page, copies) = await SignedInAsync(await installation.NewPersonAsync());

        await page.GotoAsync(installation.Notes.Address.AbsoluteUri);
        await AllEndWithinTwoSecondsAsync(page, copies);

        await page.ArriveAtAsync(installation.Notes.Address.AbsoluteUri);
        // It was at this address before: only the page tells that it is back.
        await page.WaitForSelectorAsync("#sign-in");
    }

    [Fact]
    public async Task Signing_out_at_the_hub_ends_every_application_the_hub_and_all_tokens()
    {
        var (page, copies) = await SignedInAsync(await installation.NewPersonAsync());

        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        await AllEndWithinTwoSecondsAsync(page, copies);

        await page.WaitForSelectorAsync("#signed-out");
        await page.ConfirmedAsync(3);
    }

    [Fact]
    public async Task Ending_one_of_two_sessions_leaves_the_other_alive_everywhere()
    {
        var person = await installation.NewPersonAsync();
        var (page, ended) = await SignedInAsync(person);
        var (otherPage, other) = await SignedInAsync(person);
        Assert.NotEqual(ended.Sid, other.Sid);

        await page.SignOutAtNotesAsync(installation);
        await Eventually.TrueAsync(async () => (await ended.ApplicationsAsync()).Count == 0, TimeSpan.FromSeconds(10), "the ended session is over in every application");

        await other.AssertAliveAsync();
        await other.AssertRefreshesAsync();
        foreach (var application in installation.Applications)
        {
            await otherPage.GotoAsync(application.Dashboard.AbsoluteUri);
            Assert.Contains(person.Name, await otherPage.ContentAsync(), StringComparison.Ordinal);
        }
    }

    private Task<(IPage Page, Copies Copies)> SignedInAsync(Person person) => Copies.OfSignedInAsync(_windows, installation, person);

    // The clock runs from the moment the browser sends the person's click to the server.
    private static async Task AllEndWithinTwoSecondsAsync(IPage page, Copies copies)
    {
        var sent = page.WaitForRequestAsync(request => request.Method == "POST");
        var click = page.ClickAsync("#sign-out");
        await sent;
        var started = Stopwatch.GetTimestamp();
        IReadOnlyList<string> open = [];
        await Eventually.TrueAsync(
            async () => (open = await copies.ApplicationsAsync()).Count == 0,
            TwoSeconds, "every application answers 401 to the copied cookies", () => $"Still open: {string.Join(", ", open)}.");
        TestContext.Current.TestOutputHelper!.WriteLine($"Signed out everywhere after {Stopwatch.GetElapsedTime(started).TotalMilliseconds:0} ms.");
        await copies.AssertDeadAsync();
        await click;
    }

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : SignOutTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : SignOutTests(installation, browser);
}
