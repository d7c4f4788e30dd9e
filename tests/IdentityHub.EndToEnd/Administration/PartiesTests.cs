using System.Text.Json.Nodes;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.Administration;

/// <summary>Applications, revocations and keys, as an administrator meets them in a browser and on the command line.</summary>
public sealed class PartiesTests(PartiesHub hub, Browser browser) : IClassFixture<PartiesHub>, IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task An_application_is_registered_changed_given_another_secret_disabled_and_removed()
    {
        var page = await hub.EnterAsync(_windows);
        await page.GotoAsync(hub.At("/admin/relying-parties"));
        await PartiesHub.LookAsync(page, "applications");
        await page.ArriveAsync(() => page.ClickAsync("#register"));
        await page.FillAsync("#client_id", "calendar");
        await page.FillAsync("#display_name", "Calendar");
        await page.FillAsync("#redirect_uris", "http://calendar.example.com/callback");
        await page.CheckAsync("#confidential");
        await page.ArriveAsync(() => page.ClickAsync("#save"));
        Assert.Contains("https", await page.InnerTextAsync("#redirect_uris-error"), StringComparison.Ordinal);
        Assert.Equal("Calendar", await page.InputValueAsync("#display_name"));
        Assert.True(await page.IsCheckedAsync("#confidential"));
        await PartiesHub.LookAsync(page, "register-with-mistakes");

        await page.FillAsync("#redirect_uris", "https://calendar.example.com/callback");
        await page.ArriveAsync(() => page.ClickAsync("#save"));
        var secret = await page.InnerTextAsync("#secret");
        Assert.Equal(43, secret.Length);
        await PartiesHub.LookAsync(page, "secret");
        await page.ArriveAsync(() => page.ClickAsync("#continue"));
        Assert.Equal("Calendar", await page.InnerTextAsync("h1"));
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
        await PartiesHub.LookAsync(page, "application");

        await page.ArriveAsync(() => page.ClickAsync("#edit"));
        await page.FillAsync("#display_name", "Our calendar");
        await page.ArriveAsync(() => page.ClickAsync("#save"));
        Assert.Equal("Our calendar", await page.InnerTextAsync("h1"));

        await page.SelectOptionAsync("#overlap", "72");
        await page.ArriveAsync(() => page.ClickAsync("#rotate"));
        Assert.NotEqual(secret, await page.InnerTextAsync("#secret"));
        await page.ArriveAsync(() => page.ClickAsync("#continue"));
        await page.ArriveAsync(() => page.ClickAsync("#end-previous"));
        Assert.Equal(0, await page.Locator("#end-previous").CountAsync());

        await page.ArriveAsync(() => page.ClickAsync("#disable"));
        await PartiesHub.LookAsync(page, "disable");
        await page.FillAsync("#typed", "calender");
        await page.ArriveAsync(() => page.ClickAsync("#confirm"));
        Assert.True(await page.IsVisibleAsync("#typed-error"));
        await page.FillAsync("#typed", "calendar");
        await page.ArriveAsync(() => page.ClickAsync("#confirm"));
        Assert.True(await page.IsVisibleAsync("#disabled"));
        await RemoveAsync(page);
        Assert.Equal(0, await page.Locator("a[href$='client=calendar']").CountAsync());
    }

    [Fact]
    public async Task It_is_proved_that_a_session_dies_at_Notes_and_that_one_lives_on_at_who_only_says_so()
    {
        var page = await hub.EnterAsync(_windows);

        await ProveAsync(page, "Notes");
        Assert.Contains("Dead", await page.InnerTextAsync("#outcome"), StringComparison.Ordinal);
        Assert.Equal(6, await page.Locator("#steps li").CountAsync());
        await PartiesHub.LookAsync(page, "proof-dead");

        await ProveAsync(page, "Pretender");
        Assert.Contains("Still alive", await page.InnerTextAsync("#outcome"), StringComparison.Ordinal);
        await PartiesHub.LookAsync(page, "proof-alive");
        await page.GotoAsync(hub.At("/admin/relying-parties/application?client=Pretender"));
        Assert.Contains("Still alive", await page.InnerTextAsync("#last-proof"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_an_application_refused_is_seen_and_rung_again()
    {
        var (user, person) = await hub.PersonAsync();
        var driver = new HubDriver(hub.Settings.Address);
        await driver.SignInAsync(person.Email, person.Password);
        await driver.AuthorizeAsync(hub.Deaf.Settings, "openid");
        await driver.EndSessionAsync();
        await hub.Deaf.WaitForCountAsync(1, TimeSpan.FromSeconds(20));
        var page = await hub.EnterAsync(_windows);

        await page.GotoAsync(hub.At($"/admin/revocations?person={user.Id}"));
        Assert.Equal(1, await page.Locator("#revocations > li").CountAsync());
        await PartiesHub.LookAsync(page, "revocations");
        await page.ArriveAsync(() => page.ClickAsync("#revocations a"));
        await page.WaitForSelectorAsync("#outcomes .state.bad");
        await page.ReloadAsync();
        await PartiesHub.LookAsync(page, "revocation");
        hub.Deaf.Answer = BackChannelAnswer.Ok;
        await page.ArriveAsync(() => page.ClickAsync(".ring"));
        Assert.True(await page.IsVisibleAsync("#rung"));
        // It arrives while the page is open.
        await page.WaitForSelectorAsync("#outcomes .state.good");

        var download = await page.RunAndWaitForDownloadAsync(async () =>
        {
            await page.GotoAsync(hub.At($"/admin/revocations?person={user.Id}"));
            await page.ClickAsync("#export-csv");
        });
        Assert.Equal("revocations.csv", download.SuggestedFilename);
        hub.Deaf.Answer = new BackChannelAnswer.Status(400);
    }

    [Fact]
    public async Task The_keys_are_shown_and_rotated()
    {
        var page = await hub.EnterAsync(_windows);
        await page.GotoAsync(hub.At("/admin/keys"));
        await PartiesHub.LookAsync(page, "keys");
        await page.ArriveAsync(() => page.ClickAsync("#rotate"));
        await PartiesHub.LookAsync(page, "rotate-keys");

        await page.ArriveAsync(() => page.ClickAsync("#confirm"));

        Assert.True(await page.IsVisibleAsync("#made"));
        Assert.Equal(2, await page.Locator("section:has(#RS256-heading) li").CountAsync());
    }

    [Fact]
    public async Task The_command_line_does_the_same()
    {
        var listed = Lines(await HubProcess.CommandAsync(hub.Settings, "rp", "list", "--search", "notes", "--json"));
        Assert.Equal(("Notes", true, true), Of(listed.Single()));
        var proof = Lines(await HubProcess.CommandAsync(hub.Settings, "rp", "prove", "Notes", "--json")).Single();
        Assert.Equal("dead", (string?)proof["outcome"]);
        var act = Lines(await HubProcess.CommandAsync(hub.Settings, "revocation", "acts", "--initiator", "command-line", "--json"))[0];
        Assert.Equal((string?)proof["revocation"], (string?)act["id"]);
        Assert.Equal(2, Lines(await HubProcess.CommandAsync(hub.Settings, "revocation", "show", (string)act["id"]!, "--json")).Count);

        Assert.Contains("ended with 3", await RefusedAsync("rp", "show", "nobody"), StringComparison.Ordinal);
        var declared = await RefusedAsync("rp", "rotate-secret", "Notes");
        Assert.Contains("ended with 2", declared, StringComparison.Ordinal);
        Assert.Contains("configuration", declared, StringComparison.Ordinal);
        Assert.Contains("ended with 2", await RefusedAsync("rp", "prove", "Pretender"), StringComparison.Ordinal);

        static (string?, bool, bool) Of(JsonNode party) => ((string?)party["clientId"], (bool)party["declared"]!, (bool)party["canBeProved"]!);
    }

    private async Task<string> RefusedAsync(params string[] arguments) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => HubProcess.CommandAsync(hub.Settings, arguments))).Message;

    private static List<JsonNode> Lines(string printed) =>
        [.. printed.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonNode.Parse(line)!)];

    private async Task ProveAsync(IPage page, string client)
    {
        await page.GotoAsync(hub.At($"/admin/relying-parties/application?client={client}"));
        await page.ClickAsync("#prove");
        await page.ArriveAtAsync(url => url.Contains("/proof?id=", StringComparison.Ordinal), "the proof");
    }

    // The sessions are ended by the runner; until then the page says so.
    private static async Task RemoveAsync(IPage page)
    {
        await page.ArriveAsync(() => page.ClickAsync("#remove"));
        await Eventually.TrueAsync(
            async () =>
            {
                await page.FillAsync("#typed", "calendar");
                await page.ArriveAsync(() => page.ClickAsync("#confirm"));
                return !await page.IsVisibleAsync("#confirm");
            },
            TimeSpan.FromSeconds(30), "the application is removed", () => page.Url);
    }
}
