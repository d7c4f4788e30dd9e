using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using IdentityHub.Tests.Testing;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>The README's first command, as somebody runs it who has only the README.</summary>
public sealed partial class DemoTests(Browser browser) : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(2);

    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task One_command_shows_a_sign_out_that_ends_the_other_application_and_leaves_nothing_behind()
    {
        await using var demo = Start(FreePorts.Row(5));
        await demo.WaitForLineAsync(JsonLine(), StartLimit);
        var started = JsonNode.Parse(demo.Output.Split('\n')[0])!;
        var (notes, bank) = (new Uri((string)started["apps"]!["notes"]!), new Uri((string)started["apps"]!["bank"]!));
        var children = Children(demo.Id);
        Assert.True(children.Count >= 5, $"The demo has {children.Count} processes beside itself.");

        foreach (var person in started["people"]!.AsArray())
        {
            var page = await _windows.OpenAsync();
            await page.GotoAsync(notes.AbsoluteUri);
            await page.ClickAsync("#sign-in");
            await page.FillAsync("#email", (string)person!["email"]!);
            await page.FillAsync("#password", (string)person["password"]!);
            await page.ClickAsync("#sign-in");
            await page.ArriveAtAsync(new Uri(notes, "/dashboard").AbsoluteUri);
            await page.GotoAsync(bank.AbsoluteUri);
            await page.ClickAsync("#sign-in");
            await page.ArriveAtAsync(new Uri(bank, "/dashboard").AbsoluteUri);
            await page.GotoAsync((string)started["apps"]!["spa"]!);
            await page.ClickAsync("#sign-in");
            // The API has checked the access token that the backend of Tasks sent it.
            await page.GetByText("The API knows you as").WaitForAsync();
            await page.GotoAsync(notes.AbsoluteUri);
            await page.ClickAsync("#sign-out");
            await page.WaitForSelectorAsync("#sign-in");
            // Bank hears of it from the hub, when the browser may be back already.
            await Eventually.TrueAsync(
                async () =>
                {
                    await page.GotoAsync(bank.AbsoluteUri);
                    return await page.IsVisibleAsync("#sign-in");
                },
                TimeSpan.FromSeconds(30), "Bank knows nobody");
        }

        Assert.Equal(0, await demo.StopAsync());
        await Eventually.TrueAsync(() => !children.Exists(IsAlive), TimeSpan.FromSeconds(10), "the processes of the demo are gone");
    }

    [Fact]
    public async Task A_taken_port_is_named_with_the_way_out()
    {
        var first = FreePorts.Row(5);
        using var other = new TcpListener(IPAddress.Loopback, first + 1);
        other.Start();

        await using var demo = Start(first);

        Assert.Equal(1, await demo.WaitForExitAsync(StartLimit));
        Assert.Equal($"Port {first + 1} is taken. Choose other ports with --port-base, for example --port-base 6000.", demo.Output.Trim());
    }

    private static ChildProcess Start(int portBase) =>
        ChildProcess.Start(Launch.Dotnet(Processes.Built("Demo.dll"), "--json", "--port-base", portBase.ToString(CultureInfo.InvariantCulture)));

    private static List<int> Children(int parent) =>
        [.. (Installed.Ask("pgrep", "-P", parent.ToString(CultureInfo.InvariantCulture)) ?? "")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(id => int.Parse(id, CultureInfo.InvariantCulture))];

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\A\{.*\}\n")]
    private static partial Regex JsonLine();
}
