using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 25, session fixation: a session has a cookie value that nobody knew before, at every authentication
/// and at every change of what proves who somebody is.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_25_session_fixation(AttackedHub hub)
{
    [Theory]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("x")]
    [InlineData("' OR 1=1 --")]
    public async Task A_value_the_attacker_set_is_never_adopted(string planted)
    {
        var visitor = await hub.VisitorAsync();
        var browser = new HubDriver(hub.Address);
        browser.Cookies.Set("hub", Uri.EscapeDataString(planted));

        await browser.SignInAsync(visitor.Person.Email, visitor.Person.Password);

        Assert.NotEqual(Uri.EscapeDataString(planted), browser.Cookies.Cookies["hub"]);
        Assert.True((await browser.AskSilentlyAsync(hub.Notes.Settings)).Succeeded);
        var attacker = new HubDriver(hub.Address);
        attacker.Cookies.Set("hub", Uri.EscapeDataString(planted));
        Assert.Equal("login_required", (await attacker.AskSilentlyAsync(hub.Notes.Settings)).Error?.Code);
    }

    [Fact]
    public async Task The_attackers_own_session_does_not_become_the_victims()
    {
        var (attacker, victim) = (await hub.VisitorAsync(), await hub.VisitorAsync());
        var browser = new HubDriver(hub.Address, attacker.Driver.Cookies.Copy());

        await browser.SignInAsync(victim.Person.Email, victim.Person.Password);

        Assert.NotEqual(attacker.Driver.Cookies.Cookies["hub"], browser.Cookies.Cookies["hub"]);
        Assert.Equal("login_required", (await attacker.Driver.AskSilentlyAsync(hub.Notes.Settings)).Error?.Code);
        Assert.Equal((await victim.Driver.EnterAsync(hub.Notes.Settings)).Sub, (await browser.EnterAsync(hub.Notes.Settings)).Sub);
    }

    [Fact]
    public async Task Authenticating_again_gives_a_new_value_and_kills_the_old_one()
    {
        var visitor = await hub.VisitorAsync();
        var before = visitor.Copy();
        var sid = (await visitor.Driver.EnterAsync(hub.Notes.Settings)).Sid;

        await visitor.Driver.SignInAsync(visitor.Person.Email, visitor.Person.Password);

        Assert.NotEqual(before.Driver.Cookies.Cookies["hub"], visitor.Driver.Cookies.Cookies["hub"]);
        Assert.False(await before.IsAliveAsync(hub.Notes.Settings));
        Assert.Equal(sid, (await visitor.Driver.EnterAsync(hub.Notes.Settings)).Sid);
    }

    [Fact]
    public async Task Turning_a_second_factor_on_gives_a_new_value_and_kills_the_old_one()
    {
        var visitor = await hub.VisitorAsync();
        var before = visitor.Copy();
        var sid = (await visitor.Driver.EnterAsync(hub.Notes.Settings)).Sid;

        await visitor.Wire.TurnOnAsync(TimeProvider.System.GetUtcNow());

        Assert.NotEqual(before.Driver.Cookies.Cookies["hub"], visitor.Driver.Cookies.Cookies["hub"]);
        Assert.False(await before.IsAliveAsync(hub.Notes.Settings));
        Assert.Equal(sid, (await visitor.Driver.EnterAsync(hub.Notes.Settings)).Sid);
    }

    [Fact]
    public async Task Before_signing_in_there_is_no_session_cookie_at_all()
    {
        var stranger = hub.Stranger();

        await stranger.GetAsync("/sign-in");

        Assert.DoesNotContain("hub", stranger.Cookies.Cookies.Keys);
    }
}
