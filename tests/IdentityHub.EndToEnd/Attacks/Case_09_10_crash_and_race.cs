using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack cases 9 and 10, one of each for the list: the crash between revoking and sending, and the code that is redeemed
/// while its session is revoked. <c>Crashes</c> and <c>Races</c> do the same many times over.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_09_10_crash_and_race(AttackedHub hub)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Case_09_a_hub_that_dies_before_it_has_told_anybody_tells_after_its_start()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Bank.Settings);
        hub.Bank.Answer = new BackChannelAnswer.Hang();
        var signedOut = visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken));
        await hub.Bank.WaitForLogoutAsync(tokens.Sid, Soon);

        await hub.Hub.KillAsync();
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => signedOut);
        hub.Bank.Answer = BackChannelAnswer.Ok;
        await hub.Hub.StartAgainAsync();

        Assert.False(await visitor.IsAliveAsync(hub.Notes.Settings));
        await hub.Bank.WaitForConfirmedLogoutAsync(tokens.Sid, Soon);
    }

    [Fact]
    public async Task Case_10_a_code_redeemed_while_its_session_ends_fails_or_its_application_is_told()
    {
        for (var round = 0; round < 10; round++)
        {
            var visitor = await hub.VisitorAsync();
            var entered = await visitor.Driver.EnterAsync(hub.Notes.Settings);
            var code = (await visitor.Driver.AuthorizeAsync(hub.Bank.Settings)).Expect();

            var redeeming = visitor.Driver.Back.RedeemAsync(code);
            var ending = visitor.Wire.GetAsync(Requests.EndSession(entered.IdToken));
            await Task.WhenAll(redeeming, ending);

            if ((await redeeming).Value is { } tokens)
            {
                Assert.Equal(401, (await visitor.Driver.Back.UserInfoAsync(tokens.AccessToken)).Error?.Status);
                Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(hub.Bank.Settings, tokens.RefreshToken)).Error?.Code);
            }
            else
            {
                Assert.Equal("invalid_grant", (await redeeming).Error?.Code);
            }

            // The code had left the hub, so the application is told in either case.
            await hub.Bank.WaitForConfirmedLogoutAsync(entered.Sid, Soon);
        }
    }
}
