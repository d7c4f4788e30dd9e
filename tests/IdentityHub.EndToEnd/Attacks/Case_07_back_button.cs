using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 7, in a real browser: Back shows nothing of the person after sign-out.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_07_back_button(AttackedHub hub, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task Back_after_sign_out_shows_no_personal_data_and_an_old_form_does_nothing()
    {
        var (person, page) = ((await hub.VisitorAsync()).Person, await _windows.OpenAsync());
        await page.GotoAsync(new Uri(hub.Address, "/sign-in").AbsoluteUri);
        await page.FillAsync("#email", person.Email);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("#sign-in");
        await page.ArriveAtAsync(hub.Address.AbsoluteUri);
        Assert.Contains(person.Email, await page.ContentAsync(), StringComparison.Ordinal);
        // The question is one page of the way, so that Back meets both it and the account.
        await page.GotoAsync(new Uri(hub.Address, "/end-session").AbsoluteUri);
        await page.ClickAsync("#sign-out");
        await page.WaitForSelectorAsync("#signed-out");

        await page.GoBackAsync();
        await page.WaitForSelectorAsync("#signed-out, #email");
        await AssertNobodyAsync(page, person);
        await page.GotoAsync(hub.Address.AbsoluteUri);
        await page.WaitForSelectorAsync("#email");
        await AssertNobodyAsync(page, person);
        for (var steps = 0; steps < 3; steps++)
        {
            await page.GoBackAsync();
            await page.WaitForSelectorAsync("#signed-out, #email");
            await AssertNobodyAsync(page, person);
        }
    }

    [Fact]
    public async Task Every_page_of_a_person_says_that_it_is_not_to_be_kept()
    {
        var visitor = await hub.VisitorAsync();
        string[] pages = ["/", "/end-session", "/sign-in", Requests.At("/authorize", Requests.Authorize(hub.Asking))];
        foreach (var path in pages)
        {
            Assert.Contains("no-store", (await visitor.Wire.GetAsync(path)).Header("Cache-Control"), StringComparison.Ordinal);
        }

        var form = (await visitor.Wire.GetAsync("/end-session")).Form("sign-out")!;
        var left = await visitor.Wire.PostAsync("/sign-out", form.Fields);

        Assert.Equal("\"cache\", \"storage\"", left.Header("Clear-Site-Data"));
    }

    private static async Task AssertNobodyAsync(Microsoft.Playwright.IPage page, FirstLight.Person person)
    {
        var shown = await page.ContentAsync();
        Assert.DoesNotContain(person.Email, shown, StringComparison.Ordinal);
        Assert.DoesNotContain(person.Name, shown, StringComparison.Ordinal);
    }
}
