using IdentityHub.EndToEnd.Faults;
using IdentityHub.Tests.Testing;
using Microsoft.Playwright;
using Xunit;

namespace IdentityHub.EndToEnd.FirstLight;

/// <summary>
/// What somebody copied out of one person's browser and out of the applications while they were signed in: all cookies
/// and all tokens. The browser is told to forget at sign-out and proves nothing; these are replayed against the servers.
/// </summary>
internal sealed class Copies(Installation installation, CookieJar cookies, IReadOnlyDictionary<SampleApplication, Tokens> tokens)
{
    public CookieJar Cookies { get; } = cookies;

    public IReadOnlyDictionary<SampleApplication, Tokens> Tokens { get; } = tokens;

    public string Sid => Tokens[installation.Notes].Sid;

    private IEnumerable<string> Names => installation.Applications.Select(application => application.ToString());

    public static async Task<Copies> TakeAsync(Installation installation, IBrowserContext browser)
    {
        var cookies = await browser.CopyCookiesAsync();
        var tokens = new Dictionary<SampleApplication, Tokens>();
        foreach (var application in installation.Applications)
        {
            tokens[application] = await application.TokensAsync(cookies);
        }

        return new Copies(installation, cookies, tokens);
    }

    /// <summary>A person signs in in a window of their own, at every application, and everything is copied: that it was alive is half of the proof that it is dead.</summary>
    public static async Task<(IPage Page, Copies Copies)> OfSignedInAsync(BrowserWindows windows, Installation installation, Person person)
    {
        var page = await windows.OpenAsync();
        await page.SignInEverywhereAsync(installation, person);
        var copies = await TakeAsync(installation, page.Context);
        await copies.AssertAliveAsync();
        return (page, copies);
    }

    /// <summary>Everything is taken, as far as can be asked without using it up.</summary>
    public async Task AssertAliveAsync()
    {
        Assert.Equal(Names, await ApplicationsAsync());
        Assert.Equal(
            Names.SelectMany(name => new[] { $"userinfo {name}", $"access token {name}", $"refresh token {name}" }).Prepend("prompt=none"),
            await AtHubAsync());
    }

    /// <summary>The applications get to know it a moment after the hub; then nothing is taken any more, of any of it.</summary>
    public async Task AssertDieAsync()
    {
        IReadOnlyList<string> open = [];
        await Eventually.TrueAsync(
            async () => (open = await ApplicationsAsync()).Count == 0,
            TimeSpan.FromSeconds(30), "every application has ended the session", () => $"Still open: {string.Join(", ", open)}.");
        await AssertDeadAsync();
    }

    public async Task AssertRefreshesAsync() => Assert.Equal(Names, await RefreshAsync());

    /// <summary>Nothing is taken any more, neither by the hub nor by an application.</summary>
    public async Task AssertDeadAsync()
    {
        Assert.Equal([], await AtHubAsync());
        Assert.Equal([], await RefreshAsync());
        Assert.Equal([], await ApplicationsAsync());
    }

    /// <summary>The applications whose session cookie still opens them.</summary>
    public async Task<IReadOnlyList<string>> ApplicationsAsync()
    {
        List<string> open = [];
        foreach (var application in installation.Applications)
        {
            if (await application.KnowsAsync(Cookies))
            {
                open.Add(application.ToString());
            }
        }

        return open;
    }

    /// <summary>What a hub node still takes, of what can be asked without using it up: each by name, as <c>userinfo Notes</c>.</summary>
    public async Task<IReadOnlyList<string>> AtHubAsync(Uri? node = null)
    {
        var thief = new HubDriver(node ?? installation.Hub.Address, Cookies.Copy());
        List<string> taken = [];
        var silent = await thief.AskSilentlyAsync(installation.Notes.Settings);
        Add("prompt=none", silent.Succeeded, silent.Error, "login_required");
        foreach (var (application, own) in Tokens)
        {
            var userInfo = await thief.Back.UserInfoAsync(own.AccessToken);
            Add($"userinfo {application}", userInfo.Succeeded, userInfo.Error, "invalid_token", 401);
            Add($"access token {application}", await thief.Back.IsActiveAsync(application.Settings, own.AccessToken));
            Add($"refresh token {application}", await thief.Back.IsActiveAsync(application.Settings, own.RefreshToken!));
        }

        return taken;

        void Add(string what, bool succeeded, OAuthError? error = null, string code = "", int? status = null)
        {
            if (succeeded)
            {
                taken.Add(what);
            }
            else if (error is not null && (error.Code != code || (status is { } expected && error.Status != expected)))
            {
                throw new InvalidOperationException($"{what} was refused with {error.Code} ({error.Status}) where {code} was expected.");
            }
        }
    }

    /// <summary>The applications whose refresh token still brings new tokens. Uses the living ones up.</summary>
    public async Task<IReadOnlyList<string>> RefreshAsync(Uri? node = null)
    {
        var back = new TokenClient(node ?? installation.Hub.Address);
        List<string> refreshed = [];
        foreach (var (application, own) in Tokens)
        {
            var answer = await back.RefreshAsync(application.Settings, own.RefreshToken);
            if (answer.Succeeded)
            {
                refreshed.Add(application.ToString());
            }
            else if (answer.Error!.Code != "invalid_grant")
            {
                throw new InvalidOperationException($"The refresh token of {application} was refused with {answer.Error.Code} where invalid_grant was expected.");
            }
        }

        return refreshed;
    }
}
