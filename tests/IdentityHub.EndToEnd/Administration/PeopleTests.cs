using IdentityHub.Access;
using IdentityHub.EndToEnd.FirstLight;
using IdentityHub.EndToEnd.Looks;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>The pages about people, administrators and many, and the first one: in a browser, each act.</summary>
public sealed class PeopleTests(LooksHub hub, Browser browser) : IClassFixture<LooksHub>, IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task A_person_is_found_while_it_is_typed_and_one_of_their_sessions_ends()
    {
        var page = await _windows.OpenAsync();
        await hub.AdministerAsync(page, AdminRole.Operator);
        var person = await hub.SignedInTwiceAsync();

        await page.GotoAsync(hub.At("/admin/people"));
        await page.Locator("#q").PressSequentiallyAsync(person.Name);
        await SeenAsync(page, "name => document.querySelectorAll('.people li').length === 1 && document.querySelector('.people').textContent.includes(name)", person.Name);
        await page.ArriveAsync(() => page.ClickAsync(".people a"));
        Assert.Equal(2, await page.Locator(".sessions > li").CountAsync());
        Assert.Equal(0, await page.Locator("#delete").CountAsync());
        await page.ClickAsync(".sessions > li:first-child a.button");
        Assert.Contains("One session ends.", await page.InnerTextAsync("#what-ends"), StringComparison.Ordinal);
        await page.ClickAsync("#do");
        await page.WaitForSelectorAsync("#ended");
        await page.WaitForSelectorAsync("#ended .state.good");
        await page.ArriveAsync(() => page.ClickAsync(".actions a"));
        Assert.Equal(1, await page.Locator(".sessions > li").CountAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_is_disabled_enabled_sent_for_a_new_password_and_deleted(bool script)
    {
        var page = await _windows.OpenAsync(script);
        await hub.AdministerAsync(page, AdminRole.Administrator);
        var person = await hub.SignedInTwiceAsync();

        await page.GotoAsync(hub.At("/admin/people"));
        await page.FillAsync("#q", person.Email);
        await page.ArriveAsync(() => page.ClickAsync("#find"));
        await page.ClickAsync(".people a");
        await page.ClickAsync("#disable");
        Assert.Contains("2 sessions end.", await page.InnerTextAsync("#what-ends"), StringComparison.Ordinal);
        await page.ClickAsync("#do");
        await page.WaitForSelectorAsync("#ended");
        await page.ClickAsync(".actions a");
        await page.WaitForSelectorAsync("#disabled");
        await page.ClickAsync("#enable");
        await page.ClickAsync("#do");
        await page.WaitForSelectorAsync("#require-password");
        await page.ClickAsync("#require-password");
        await page.ClickAsync("#do");
        await page.WaitForSelectorAsync("#ended");
        await page.ClickAsync(".actions a");
        await page.ClickAsync("#delete");
        await page.FillAsync("#confirm", "another@example.com");
        await page.ClickAsync("#do");
        await page.WaitForSelectorAsync("#confirm-error");
        Assert.Equal("another@example.com", await page.InputValueAsync("#confirm"));
        await page.FillAsync("#confirm", person.Email);
        await page.ClickAsync("#do");
        await page.WaitForSelectorAsync("#ended");
        await page.GotoAsync(hub.At($"/admin/people?q={person.Email}"));
        await page.WaitForSelectorAsync("#nobody");
    }

    [Fact]
    public async Task Somebody_is_invited_makes_an_account_sets_up_a_second_factor_and_administers()
    {
        var page = await _windows.OpenAsync();
        await hub.AdministerAsync(page, AdminRole.Administrator);
        var person = Person.New();
        await page.GotoAsync(hub.At("/admin/administrators"));
        await page.FillAsync("#email", person.Email);
        await page.SelectOptionAsync("#role", "operator");
        await page.ClickAsync("#invite");
        var link = await page.InnerTextAsync("#link");

        var own = await _windows.OpenAsync();
        await own.GotoAsync(link);
        await own.FillAsync("#name", person.Name);
        await own.FillAsync("#password", person.Password);
        await own.ClickAsync("#accept");
        await own.FillSignInAsync(person);
        await own.ClickAsync("a[href='/account/security']");
        await own.ClickAsync("a[href='/account/second-factor']");
        await own.FillAsync("#code", new AuthenticatorApp(await own.InnerTextAsync("#secret")).CodeAt(TimeProvider.System.GetUtcNow()));
        await own.ClickAsync("#set-up");
        await own.WaitForSelectorAsync("#recovery-codes");
        await own.GotoAsync(hub.At("/admin"));
        await own.WaitForSelectorAsync("#live-sessions");

        await page.GotoAsync(hub.At("/admin/administrators"));
        var row = page.Locator(".sessions > li", new() { HasText = person.Email });
        await row.Locator("select").SelectOptionAsync("viewer");
        await page.ArriveAsync(() => row.Locator("button").ClickAsync());
        Assert.Equal(403, (await own.GotoAsync(hub.At("/admin/end-many/preview?scope=everyone")))!.Status);
        await page.Locator(".sessions > li", new() { HasText = person.Email }).Locator("a.button").ClickAsync();
        await page.ArriveAsync(() => page.ClickAsync("#remove"));
        Assert.Equal(404, (await own.GotoAsync(hub.At("/admin")))!.Status);
    }

    [Fact]
    public async Task Many_end_after_the_scope_was_typed_and_the_progress_is_seen()
    {
        var page = await _windows.OpenAsync();
        await hub.AdministerAsync(page, AdminRole.Operator);
        await hub.SignedInTwiceAsync();

        await page.GotoAsync(hub.At("/admin/end-many"));
        await page.FillAsync("#client", "Deaf");
        await page.ClickAsync("#preview");
        Assert.Contains("sessions of", await page.InnerTextAsync("#what-ends"), StringComparison.Ordinal);
        await page.FillAsync("#confirm", "everyone");
        await page.ClickAsync("#end-many");
        await page.WaitForSelectorAsync("#confirm-error");
        await page.FillAsync("#confirm", "Deaf");
        await page.ClickAsync("#end-many");
        // By itself, while the page is open.
        await page.Locator("#progress .state.good").WaitForAsync();
        await page.ClickAsync(".actions a");
        await page.Locator(".list a", new() { HasText = "Sessions in which Deaf is open" }).First.WaitForAsync();
    }

    [Fact]
    public async Task The_overview_counts_on_while_it_is_open()
    {
        var page = await _windows.OpenAsync();
        await hub.AdministerAsync(page, AdminRole.Viewer);
        await page.GotoAsync(hub.At("/admin"));
        await page.Locator("#not-yet").WaitForAsync(new() { State = WaitForSelectorState.Detached });
        var before = int.Parse(await page.InnerTextAsync("#sign-ins"), System.Globalization.CultureInfo.InvariantCulture);

        await hub.SignedInTwiceAsync();

        await SeenAsync(page, "before => Number(document.querySelector('#sign-ins').textContent) >= before + 2", before);
        Assert.InRange(await page.Locator("svg.chart[role=img] title").CountAsync(), 2, 3);
    }

    // Playwright's own waiting evaluates in the page when it has to ask twice, which the page's policy refuses.
    private static Task SeenAsync(IPage page, string expression, object argument) =>
        Eventually.TrueAsync(() => page.EvaluateAsync<bool>(expression, argument), TimeSpan.FromSeconds(30), expression);
}
