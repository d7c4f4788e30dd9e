using System.Diagnostics;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace IdentityHub.EndToEnd.Races;

/// <summary>Prepares an act of a guest, so that in the race itself only the act runs. Each takes what it gets, and honest refusals only.</summary>
internal sealed class Acts(RaceHub hub, Guest guest, bool offline)
{
    private readonly HubDriver _browser = guest.Browser.At(hub.First);

    private string Scope => offline ? "openid email offline_access" : "openid profile email";

    public async Task<Func<Task>> PrepareAsync(Act act)
    {
        // One application is in the session whatever happens then, and its tokens are at stake in every round.
        var entered = await guest.Browser.EnterAsync(hub.Notes);
        guest.IdToken = entered.IdToken;
        guest.Tokens.Add((hub.Notes, entered));
        return act switch
        {
            Act.Authorize => async () => guest.Take(await _browser.AuthorizeAsync(hub.Bank, Scope)),
            Act.Redeem => await RedeemAsync(),
            Act.Refresh => await RefreshAsync(1),
            Act.RefreshInParallel => await RefreshAsync(3),
            Act.UserInfo => () => AskThriceAsync(entered.AccessToken),
            Act.SlideExpiry => await SlideAsync(),
            Act.Reauthenticate => () => SignInAsync(_browser),
            Act.SignIn => () => SignInAsync(new HubDriver(hub.First)),
            _ => throw new UnreachableException(),
        };
    }

    private async Task<Func<Task>> RedeemAsync()
    {
        var code = (await _browser.AuthorizeAsync(hub.Bank, Scope)).Expect();
        guest.Codes.Add(code);
        return async () => guest.Take(hub.Bank, await _browser.Back.RedeemAsync(code));
    }

    private async Task<Func<Task>> RefreshAsync(int times)
    {
        var tokens = await _browser.EnterAsync(hub.Bank, Scope);
        guest.Tokens.Add((hub.Bank, tokens));
        return async () =>
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, times).Select(use =>
                new TokenClient(use == 0 ? hub.First : hub.Second).RefreshAsync(hub.Bank, tokens.RefreshToken)));
            if (answers.Count(answer => guest.Take(hub.Bank, answer)) > 1)
            {
                throw new InvalidOperationException("A refresh token was good for more than one use.");
            }
        };
    }

    private async Task AskThriceAsync(string accessToken)
    {
        for (var time = 0; time < 3; time++)
        {
            if ((await _browser.Back.UserInfoAsync(accessToken)).Error is { Status: not 401 } error)
            {
                throw new InvalidOperationException($"Instead of 401 the userinfo endpoint said {error}.");
            }
        }
    }

    private async Task<Func<Task>> SlideAsync()
    {
        var then = TimeProvider.System.GetUtcNow().AddMinutes(-30);
        await hub.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.Id == guest.SessionId)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, then).SetProperty(x => x.ExpiresAt, then.AddHours(1))));
        return async () =>
        {
            if (await _browser.GetAsync("/") is { Status: not System.Net.HttpStatusCode.OK } page)
            {
                throw page.Unexpected("a page");
            }
        };
    }

    private async Task SignInAsync(HubDriver browser)
    {
        guest.Browsers.Add(browser);
        await browser.TrySignInAsync(guest.Email, RaceHub.Password);
    }
}
