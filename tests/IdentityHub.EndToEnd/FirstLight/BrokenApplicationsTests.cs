using System.Diagnostics;
using IdentityHub.BackChannelLogout;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>Applications that hang, fail and refuse cost the person a bounded wait, and are shown as what they are.</summary>
public abstract class BrokenApplicationsTests(Installation installation, Browser browser) : IAsyncDisposable
{
    // BackChannelLogout:LogoutWait, and what a busy machine adds to one request: still less than the five seconds after
    // which the hub gives up an attempt, which is how long it would take if it waited for the one that hangs.
    private static readonly TimeSpan BoundedWait = TimeSpan.FromSeconds(0.2) + TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly BrowserWindows _windows = new(browser);

    public async ValueTask DisposeAsync()
    {
        foreach (var stub in installation.Stubs.Values)
        {
            stub.Answer = BackChannelAnswer.Ok;
        }

        await _windows.DisposeAsync();
    }

    [Fact]
    public async Task They_delay_nobody_are_retried_where_it_helps_and_shown_as_they_are()
    {
        var (steady, hanging, failing, refusing) = (Stub("steady"), Stub("hanging"), Stub("failing"), Stub("refusing"));
        hanging.Answer = new BackChannelAnswer.Hang();
        failing.Answer = new BackChannelAnswer.Status(503);
        refusing.Answer = new BackChannelAnswer.Status(400);
        var (page, sid) = await SignedInAsync(steady, hanging, failing, refusing);

        var (answered, took) = await SignOutAsync(page);

        TestContext.Current.TestOutputHelper!.WriteLine($"The hub answered after {took.TotalMilliseconds:0} ms.");
        Assert.True(took < BoundedWait, $"Signing out took {took}.");
        Assert.Equal(303, answered.Status);
        await ShowsAsync(page, "failing: Has not confirmed yet, we keep trying", "hanging: Has not confirmed yet, we keep trying", "refusing: Refused: sign out there as well", "steady: Confirmed");
        // The hub may have answered before they had.
        await Eventually.TrueAsync(async () => (await RowAsync(sid, failing)).LastStatus is not null, Soon, "the row of the one that fails says so");
        Assert.Equal(new Row(DeliveryState.Confirmed, 1, 200, "answered 200"), await RowAsync(sid, steady));
        Assert.Equal(new Row(DeliveryState.Rejected, 1, 400, "answered 400: refused"), await RowAsync(sid, refusing));
        Assert.Equal((DeliveryState.Pending, 503, "answered 503"), await RowAsync(sid, failing) switch { var row => (row.State, row.LastStatus, row.LastOutcome) });

        await failing.WaitForCountAsync(Count(failing, sid) + 1, Soon);
        failing.Answer = BackChannelAnswer.Ok;
        await failing.WaitForConfirmedLogoutAsync(sid, Soon);
        await Eventually.TrueAsync(async () => (await RowAsync(sid, failing)).State is DeliveryState.Confirmed, Soon, "the row of the one that recovered says so");
        Assert.Equal(new Row(DeliveryState.Confirmed, Count(failing, sid), 200, "answered 200"), await RowAsync(sid, failing));

        await Eventually.TrueAsync(() => Count(hanging, sid) >= 2, Soon, "the hanging one is tried again");
        var waiting = await RowAsync(sid, hanging);
        Assert.Equal(new Row(DeliveryState.Pending, waiting.Attempts, null, "no answer within 5 s"), waiting);
        Assert.InRange(waiting.Attempts, 1, Count(hanging, sid));
        hanging.Answer = BackChannelAnswer.NoContent;
        await hanging.WaitForConfirmedLogoutAsync(sid, Soon);
        await Eventually.TrueAsync(async () => (await RowAsync(sid, hanging)).State is DeliveryState.Confirmed, Soon, "the row of the one that hung says so");

        // Meanwhile the others were retried several times.
        Assert.Equal(1, Count(refusing, sid));
        Assert.Equal(new Row(DeliveryState.Rejected, 1, 400, "answered 400: refused"), await RowAsync(sid, refusing));
        await ShowsAsync(page, "failing: Confirmed", "hanging: Confirmed", "refusing: Refused: sign out there as well", "steady: Confirmed");
        await page.ReloadAsync();
        await ShowsAsync(page, "failing: Confirmed", "hanging: Confirmed", "refusing: Refused: sign out there as well", "steady: Confirmed");
    }

    private RelyingPartyStub Stub(string clientId) => installation.Stubs[clientId];

    private Task<Row> RowAsync(string sid, RelyingPartyStub stub) => installation.Inside.AskAsync(db => db.Set<LogoutDelivery>()
        .Where(delivery => delivery.Sid == sid && delivery.ClientId == stub.Settings.ClientId)
        .Select(delivery => new Row(delivery.State, delivery.Attempts, delivery.LastStatus, delivery.LastOutcome))
        .SingleAsync());

    private static int Count(RelyingPartyStub stub, string sid) => stub.Received.Count(logout => logout.Sid == sid);

    private async Task<(IPage Page, string Sid)> SignedInAsync(params IEnumerable<RelyingPartyStub> stubs)
    {
        var page = await _windows.OpenAsync();
        await page.SignInAtHubAsync(installation, await installation.NewPersonAsync());
        var driver = new HubDriver(installation.Hub.Address, await page.Context.CopyCookiesAsync());
        var sid = "";
        foreach (var stub in stubs)
        {
            sid = (await driver.EnterAsync(stub.Settings)).Sid;
        }

        return (page, sid);
    }

    private async Task<(IResponse Answered, TimeSpan Took)> SignOutAsync(IPage page)
    {
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        var sent = page.WaitForRequestAsync(request => request.Method == "POST");
        var answered = page.WaitForResponseAsync(response => response.Request.Method == "POST");
        var click = page.ClickAsync("#sign-out");
        await sent;
        var started = Stopwatch.GetTimestamp();
        var response = await answered;
        var took = Stopwatch.GetElapsedTime(started);
        await click;
        await page.WaitForSelectorAsync("#signed-out");
        return (response, took);
    }

    // "application: what the page says of it", by name. What comes after the page appears on it.
    private static async Task ShowsAsync(IPage page, params string[] expected)
    {
        List<string> shown = [];
        await Eventually.TrueAsync(
            async () =>
            {
                shown.Clear();
                foreach (var row in await page.Locator("#signed-out li").AllAsync())
                {
                    shown.Add($"{await row.Locator("strong").InnerTextAsync()}: {(await row.Locator(".state").InnerTextAsync()).Trim()}");
                }

                return shown.Order(StringComparer.Ordinal).SequenceEqual(expected);
            },
            Soon, "the page tells of each", () => string.Join(", ", shown));
    }

    private sealed record Row(DeliveryState State, int Attempts, int? LastStatus, string? LastOutcome);

    [Collection(typeof(EmbeddedInstallation.Tests))]
    public sealed class OnSqlite(EmbeddedInstallation installation, Browser browser) : BrokenApplicationsTests(installation, browser);

    [Collection(typeof(ServerInstallation.Tests))]
    public sealed class OnPostgresAndRabbitMq(ServerInstallation installation, Browser browser) : BrokenApplicationsTests(installation, browser);
}
