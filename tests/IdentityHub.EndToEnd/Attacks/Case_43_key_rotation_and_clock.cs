using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 43: keys change and clocks are wrong. The receiver's part: <c>ProviderKeysTests.The_first_token_after_a_key_rotation_is_accepted</c>
/// and <c>ReceiverTests.A_token_with_wrong_claims_is_refused_with_400_and_ends_nothing</c>.
/// </summary>
public sealed class Case_43_key_rotation_and_clock
{
    [Fact]
    public async Task A_new_key_is_published_before_it_signs_and_an_old_one_stays_published_after()
    {
        await using var hub = await ClockedHub.StartAsync();
        var visitor = await hub.VisitorAsync();
        var first = Kid((await visitor.Driver.EnterAsync(hub.Notes.Settings)).IdToken!);

        hub.Clock.Move(TimeSpan.FromDays(89.5));
        await hub.ReloadKeysAsync();
        var announced = await PublishedAsync(visitor);
        await visitor.Driver.SignInAsync(visitor.Person.Email, visitor.Person.Password);
        var meanwhile = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        Assert.Equal(first, Kid(meanwhile.IdToken!));

        // What a relying party fetched then is enough for what is signed a day later.
        hub.Clock.Move(TimeSpan.FromDays(1.1));
        await hub.ReloadKeysAsync();
        await visitor.Driver.SignInAsync(visitor.Person.Email, visitor.Person.Password);
        var now = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        Assert.NotEqual(first, Kid(now.IdToken!));
        Assert.Contains(Kid(now.IdToken!), announced);
        Assert.Contains(first, await PublishedAsync(visitor));

        await visitor.Driver.EndSessionAsync(idTokenHint: now.IdToken);
        var logout = await hub.Notes.WaitForLogoutAsync(now.Sid, AttackedHub.Soon);
        Assert.Contains((string?)logout.Header["kid"], announced);
    }

    [Fact]
    public async Task A_clock_that_goes_back_five_minutes_ends_nothing_and_revives_nothing()
    {
        await using var hub = await ClockedHub.StartAsync();
        var (ended, living) = (await hub.VisitorAsync(), await hub.VisitorAsync());
        var gone = await ended.Driver.EnterAsync(hub.Notes.Settings);
        var tokens = await living.Driver.EnterAsync(hub.Notes.Settings);
        var thief = ended.Copy();
        await ended.Driver.EndSessionAsync(idTokenHint: gone.IdToken);

        hub.Clock.Move(TimeSpan.FromMinutes(-5));
        await hub.ReloadKeysAsync();

        Assert.Equal("login_required", (await thief.Driver.AskSilentlyAsync(hub.Notes.Settings)).Error?.Code);
        Assert.Equal("invalid_grant", (await thief.Driver.Back.RefreshAsync(hub.Notes.Settings, gone.RefreshToken)).Error?.Code);
        Assert.True((await living.Driver.Back.RefreshAsync(hub.Notes.Settings, tokens.RefreshToken)).Succeeded);
        var fresh = await living.Driver.EnterAsync(hub.Notes.Settings);
        Assert.Contains(Kid(fresh.IdToken!), await PublishedAsync(living));
        await living.Driver.EndSessionAsync(idTokenHint: fresh.IdToken);
        await hub.Notes.WaitForConfirmedLogoutAsync(fresh.Sid, AttackedHub.Soon);
        Assert.False(await living.IsAliveAsync(hub.Notes.Settings));
    }

    private static string Kid(string token) => (string)Forged.Part(token, 0)["kid"]!;

    private static async Task<string[]> PublishedAsync(Visitor visitor) =>
        [.. (await visitor.Wire.GetAsync("/jwks")).Json["keys"]!.AsArray().Select(key => (string)key!["kid"]!)];
}
