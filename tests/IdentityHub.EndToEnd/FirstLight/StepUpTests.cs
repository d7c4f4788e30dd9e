using System.Net;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>Bank moves money only for somebody who proved to the hub within the last minutes who they are.</summary>
[Collection(typeof(EmbeddedInstallation.Tests))]
public sealed class StepUpTests(EmbeddedInstallation installation, Browser browser) : IAsyncDisposable
{
    private readonly BrowserWindows _windows = new(browser);

    public ValueTask DisposeAsync() => _windows.DisposeAsync();

    [Fact]
    public async Task A_transfer_asks_for_the_password_again_and_goes_on_where_it_was()
    {
        var person = await installation.NewPersonAsync();
        var page = await SignedInAnHourAgoAsync(person);
        var transfers = new Uri(installation.Bank.Address, "/transfers").AbsoluteUri;
        await page.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        Assert.Contains(person.Name, await page.ContentAsync(), StringComparison.Ordinal);
        var before = await page.Context.CopyCookiesAsync();
        Assert.True(await installation.Bank.KnowsAsync(before));
        using var refused = await PostAsync(before);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("error=\"insufficient_user_authentication\", max_age=\"300\"", Assert.Single(refused.Headers.WwwAuthenticate).ToString(), StringComparison.Ordinal);

        await page.GotoAsync(transfers);
        Assert.StartsWith(installation.Hub.Address.AbsoluteUri, page.Url, StringComparison.Ordinal);
        await page.FillSignInAsync(person);
        await page.ArriveAtAsync(transfers);
        await page.FillAsync("#to", "Grace");
        await page.FillAsync("#amount", "12.50");
        await page.ClickAsync("#transfer");
        await page.ArriveAtAsync(installation.Bank.Dashboard.AbsoluteUri);

        Assert.Contains("Grace", await page.ContentAsync(), StringComparison.Ordinal);
        // The session that proved too little is over; whoever copied it cannot ride along.
        Assert.False(await installation.Bank.KnowsAsync(Only(before, "bank")));
    }

    [Fact]
    public async Task Whoever_only_has_the_browser_gets_no_further_than_the_password()
    {
        var page = await SignedInAnHourAgoAsync(await installation.NewPersonAsync());
        await page.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);

        await page.GotoAsync(new Uri(installation.Bank.Address, "/transfers").AbsoluteUri);
        Assert.True(await page.IsVisibleAsync("#password"));
        await page.GotoAsync(installation.Bank.Dashboard.AbsoluteUri);
        await page.GotoAsync(new Uri(installation.Bank.Address, "/transfers").AbsoluteUri);

        Assert.True(await page.IsVisibleAsync("#password"), $"/transfers leads to {page.Url}.");
    }

    /// <summary>At the hub; no application has been opened yet.</summary>
    private async Task<IPage> SignedInAnHourAgoAsync(Person person)
    {
        var page = await _windows.OpenAsync();
        await page.SignInAtHubAsync(installation, person);
        var hourAgo = TimeProvider.System.GetUtcNow().AddHours(-1);
        Assert.NotEqual(0, await installation.Inside.AskAsync(db => db.Set<UserSession>()
            .Where(session => session.EndedAt == null && db.Users.Any(user => user.Id == session.UserId && user.Email == person.Email))
            .ExecuteUpdateAsync(set => set.SetProperty(session => session.AuthenticatedAt, hourAgo))));
        return page;
    }

    private async Task<HttpResponseMessage> PostAsync(CookieJar cookies)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(installation.Bank.Address, "/transfers"))
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("to", "Mallory"), KeyValuePair.Create("amount", "100")]),
            Headers = { { "Sec-Fetch-Mode", "cors" } },
        };
        cookies.ApplyTo(request.Headers);
        return await HubPages.SendAsync(request);
    }

    private static CookieJar Only(CookieJar all, string name)
    {
        var one = new CookieJar();
        one.Set(name, all.Cookies[name]);
        return one;
    }
}
