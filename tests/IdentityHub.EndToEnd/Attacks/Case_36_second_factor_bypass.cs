using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 36: the password alone opens nothing, and what is said of a sign-in is true.</summary>
public sealed class Case_36_second_factor_bypass
{
    [Fact]
    public async Task A_half_login_is_no_session_anywhere()
    {
        await using var hub = await ClockedHub.StartAsync();
        var (visitor, _, _) = await Case_35_codes.WithSecondFactorAsync(hub);
        var (thief, notes) = (new Wire(hub.Address), hub.Notes.Settings);

        Assert.Equal("/sign-in/code", (await thief.ShowPasswordAsync(visitor.Person)).Location?.AbsolutePath);

        Assert.DoesNotContain("hub", thief.Cookies.Cookies.Keys);
        Assert.Equal("/sign-in", (await thief.GetAsync(Requests.At("/authorize", Requests.Authorize(notes)))).Location?.AbsolutePath);
        var silent = Requests.Authorize(notes);
        silent["prompt"] = "none";
        Assert.Equal("login_required", (await thief.GetAsync(Requests.At("/authorize", silent))).Error);
        foreach (var page in new[] { "/", "/account/security", "/account/second-factor/off", "/account/password", "/account/sessions" })
        {
            Assert.Equal("/sign-in", (await thief.GetAsync(page)).Location?.AbsolutePath);
        }

        // Nor does the half cookie pass for a session's.
        thief.Cookies.Set("hub", thief.Cookies.Cookies["hub-half"]);
        Assert.Equal("/sign-in", (await thief.GetAsync("/")).Location?.AbsolutePath);
    }

    [Fact]
    public async Task The_amr_says_what_was_proved()
    {
        await using var hub = await ClockedHub.StartAsync();
        var (visitor, app, recovery) = await Case_35_codes.WithSecondFactorAsync(hub);
        Assert.Equal("pwd otp mfa", await AmrAsync(visitor.Driver, hub));
        var cookies = new CookieJar();
        var wire = new Wire(hub.Address, cookies);

        hub.Clock.Move(TimeSpan.FromSeconds(60));
        await wire.ShowPasswordAsync(visitor.Person);
        await wire.ShowCodeAsync(app.CodeAt(hub.Clock.GetUtcNow()), remember: true);
        Assert.Equal("pwd otp mfa", await AmrAsync(new HubDriver(hub.Address, cookies), hub));
        // The remembered browser presents one factor, and says so.
        await wire.ShowPasswordAsync(visitor.Person);
        Assert.Equal("pwd", await AmrAsync(new HubDriver(hub.Address, cookies), hub));

        var elsewhere = new CookieJar();
        await new Wire(hub.Address, elsewhere).ShowPasswordAsync(visitor.Person);
        await new Wire(hub.Address, elsewhere).ShowCodeAsync(recovery[0]);
        Assert.Equal("pwd mfa", await AmrAsync(new HubDriver(hub.Address, elsewhere), hub));
    }

    [Fact]
    public async Task A_remembered_device_is_one_persons_and_ends_with_a_change_of_the_second_factor()
    {
        await using var hub = await ClockedHub.StartAsync();
        var (ada, app, _) = await Case_35_codes.WithSecondFactorAsync(hub);
        var (bob, _, _) = await Case_35_codes.WithSecondFactorAsync(hub);
        var remembered = new Wire(hub.Address);
        hub.Clock.Move(TimeSpan.FromSeconds(60));
        await remembered.ShowPasswordAsync(ada.Person);
        await remembered.ShowCodeAsync(app.CodeAt(hub.Clock.GetUtcNow()), remember: true);
        var device = remembered.Cookies.Cookies["hub-device"];

        var bobs = new Wire(hub.Address);
        bobs.Cookies.Set("hub-device", device);
        Assert.Equal("/sign-in/code", (await bobs.ShowPasswordAsync(bob.Person)).Location?.AbsolutePath);

        // Ada makes new recovery codes; the browser that changed it is asked again as well.
        var page = await remembered.GetAsync("/account/recovery-codes");
        await remembered.PostAsync("/account/recovery-codes", page.Form("confirm-change")!.Fields);
        var copy = new Wire(hub.Address);
        copy.Cookies.Set("hub-device", device);
        Assert.Equal("/sign-in/code", (await copy.ShowPasswordAsync(ada.Person)).Location?.AbsolutePath);
    }

    private static async Task<string> AmrAsync(HubDriver driver, ClockedHub hub) =>
        string.Join(' ', (await driver.EnterAsync(hub.Notes.Settings)).IdTokenClaims["amr"]!.AsArray().Select(value => (string)value!));
}
