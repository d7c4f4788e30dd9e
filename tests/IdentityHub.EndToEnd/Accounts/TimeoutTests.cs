using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Accounts;

/// <summary>
/// The long timeout, in a browser and with everything copied out of it: after an hour without use the session is over, at
/// the hub at once and in every application soon after. Time passes by the instants of the row, because the clocks of the
/// applications cannot be moved with the hub's; what the hub alone does under a moved clock is <c>Case_06_cookie_replay</c>.
/// </summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed class TimeoutTests(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task After_an_hour_without_use_nothing_that_was_copied_is_good_anywhere()
    {
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, person);
        var copies = await Copies.TakeAsync(installation, page.Context);
        await copies.AssertAliveAsync();

        await PassAsync(copies.Sid, TimeSpan.FromMinutes(61));

        Assert.Equal([], await copies.AtHubAsync());
        await Eventually.TrueAsync(async () => (await copies.ApplicationsAsync()).Count == 0, TimeSpan.FromSeconds(60), "every application has ended the session");
        await copies.AssertDeadAsync();
        await page.GotoAsync(installation.Hub.Address.AbsoluteUri);
        Assert.True(await page.IsVisibleAsync("#sign-in"));
        var reason = await installation.Inside.AskAsync(db => db.Set<RevocationRecord>()
            .Where(r => db.Set<UserSession>().Any(s => s.Sid == copies.Sid && s.RevocationId == r.Id)).Select(r => r.Reason).SingleAsync());
        Assert.Equal(RevocationReason.IdleTimeout, reason);
    }

    [Fact]
    public async Task The_page_warns_in_time_and_one_click_keeps_the_session()
    {
        var person = await installation.NewPersonAsync();
        var page = await _windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, person);
        var sid = (await Copies.TakeAsync(installation, page.Context)).Sid;
        await page.GotoAsync(new Uri(installation.Hub.Address, "/account/sessions").AbsoluteUri);
        Assert.False(await page.IsVisibleAsync(".expiry"));

        await PassAsync(sid, TimeSpan.FromMinutes(59));
        // As when the person comes back to the window.
        await page.EvaluateAsync("document.dispatchEvent(new Event('visibilitychange'))");
        await page.WaitForSelectorAsync(".expiry[role=alert]");
        Assert.True(await EndAsync(sid) < TimeProvider.System.GetUtcNow().AddMinutes(5), "Asking how long it lasts kept the session alive.");
        await page.ClickAsync("#stay");

        await page.WaitForSelectorAsync(".expiry", new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
        Assert.True(await EndAsync(sid) > TimeProvider.System.GetUtcNow().AddMinutes(55), "The click kept the session.");
    }

    private Task<DateTimeOffset> EndAsync(string sid) => installation.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.Sid == sid).Select(s => s.ExpiresAt).SingleAsync());

    private Task PassAsync(string sid, TimeSpan time) => installation.Inside.AskAsync(async db =>
    {
        var row = await db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.Sid == sid);
        var (seen, expires, absolute) = (row.LastSeenAt - time, row.ExpiresAt - time, row.AbsoluteExpiresAt - time);
        return await db.Set<UserSession>().Where(s => s.Sid == sid).ExecuteUpdateAsync(s => s
            .SetProperty(x => x.LastSeenAt, seen).SetProperty(x => x.ExpiresAt, expires).SetProperty(x => x.AbsoluteExpiresAt, absolute));
    });
}
