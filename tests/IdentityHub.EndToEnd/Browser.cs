using IdentityHub.EndToEnd;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

[assembly: AssemblyFixture(typeof(Browser))]

namespace IdentityHub.EndToEnd;

/// <summary>
/// One installed Chromium per test process, started by the first test that asks. Nothing is downloaded: the package
/// brings its driver, the machine brings the browser.
/// </summary>
public sealed class Browser : IAsyncDisposable
{
    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Chromium)>> _started = new(StartAsync);

    /// <summary>A context of its own: another person, or the same one at another computer.</summary>
    internal async Task<IBrowserContext> NewContextAsync(bool script = true)
    {
        var context = await (await _started.Value).Chromium.NewContextAsync(new() { Locale = "en-GB", TimezoneId = "UTC", JavaScriptEnabled = script });
        context.SetDefaultTimeout(15_000);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started.IsValueCreated && _started.Value.IsCompletedSuccessfully)
        {
            var (driver, chromium) = _started.Value.Result;
            await chromium.DisposeAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright Driver, IBrowser Chromium)> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        var chromium = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Program(),
            // Playwright turns the Back button's memory off; people have it, and after a sign-out it must show nothing.
            IgnoreDefaultArgs = ["--disable-back-forward-cache"],
            Args =
            [
                // Chromium's own sandbox needs privileges that a container does not give, and refuses to run as root.
                "--no-sandbox",
                "--disable-quic",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        });
        return (driver, chromium);
    }

    private static string Program() =>
        Environment.GetEnvironmentVariable("CHROMIUM_PATH")
        // The same browser without the windows that nobody sees, which cost a third of the time.
        ?? Installed.Find("chromium-headless-shell", "/usr/bin")
        ?? Installed.Find("chromium", "/usr/bin")
        ?? Installed.Find("google-chrome")
        ?? Installed.Require("chromium-browser", "chromium");
}
