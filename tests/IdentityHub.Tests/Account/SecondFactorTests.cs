using System.Net;
using IdentityHub.Audit;
using IdentityHub.Devices;
using IdentityHub.Revocation;
using IdentityHub.Sessions;
using IdentityHub.Tests.Testing;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class SecondFactorTests(StartedHub hub) : IClassFixture<StartedHub>
{
    [Fact]
    public async Task It_is_on_when_a_code_has_shown_that_the_app_has_the_secret_and_ends_the_other_sessions()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        using var copy = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        copy.SessionCookie = desk.SessionCookie;
        var before = await SessionAsync(desk);
        (await desk.GetAsync("/account/second-factor")).Shows("Your other session ends");

        var (_, recoveryCodes) = await hub.SecondFactorAsync(desk);

        Assert.Equal(10, recoveryCodes.Count);
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        var after = await SessionAsync(desk);
        Assert.Equal((before.Id, before.AuthenticatedAt, "pwd otp mfa"), (after.Id, after.AuthenticatedAt, after.Amr));
        Assert.Equal(RevocationReason.SecondFactorEnabled, (await ActsAsync(ada)).Single().Reason);
        Assert.Contains("second_factor_enabled", await AuditAsync(ada));
        var page = await desk.GetAsync("/account/security");
        page.Shows("You have 10 recovery codes left.");
        Assert.All(recoveryCodes, code => page.Hides(code));
    }

    [Fact]
    public async Task A_wrong_code_turns_nothing_on_and_keeps_the_secret()
    {
        var ada = await hub.PersonAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await desk.SignInAsync(ada);
        var page = await desk.GetAsync("/account/second-factor");

        var wrong = await desk.PostAsync("/account/second-factor", ("__RequestVerificationToken", page.FormToken!), ("secret", page.ValueOf("secret")), ("code", "000000"), ("end_this", "on"));
        var empty = await desk.PostAsync("/account/second-factor", ("__RequestVerificationToken", page.FormToken!), ("secret", page.ValueOf("secret")), ("code", ""));
        var forged = await desk.PostAsync("/account/second-factor", ("__RequestVerificationToken", page.FormToken!), ("secret", "x"), ("code", "000000"));

        Assert.Equal(HttpStatusCode.BadRequest, wrong.Status);
        wrong.Shows("This code is not valid.");
        Assert.Equal(page.TextOf("secret"), wrong.TextOf("secret"));
        Assert.Matches("name=\"end_this\"[^>]* checked", wrong.Text);
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        Assert.Equal("/account/second-factor", forged.Location);
        (await phone.GetAsync("/")).Shows("Hello");
        Assert.Empty(await ActsAsync(ada));
        using var later = hub.Visitor();
        Assert.Equal("/", (await later.SignInAsync(ada)).Location);
    }

    [Fact]
    public async Task After_the_password_comes_the_code_and_nothing_is_open_before_it()
    {
        var (ada, app, _) = await WithSecondFactorAsync();
        using var browser = hub.Visitor();

        var half = await browser.SignInAsync(ada, returnUrl: "/authorize?client_id=notes");

        Assert.Equal("/sign-in/code?return_url=%2Fauthorize%3Fclient_id%3Dnotes", half.Location);
        Assert.Null(browser.SessionCookie);
        Assert.Equal("/sign-in", (await browser.GetAsync("/")).Location);
        (await browser.GetAsync(half.Location!)).Shows("to continue to <strong>Notes &amp; more</strong>");
        var answer = await browser.EnterCodeAsync(hub.NextCode(app), ("return_url", "/authorize?client_id=notes"));
        Assert.Equal("/authorize?client_id=notes", answer.Location);
        Assert.Equal("pwd otp mfa", (await SessionAsync(browser)).Amr);
        Assert.Null(browser.HalfCookie);
    }

    [Fact]
    public async Task Without_the_password_no_code_is_even_asked_for()
    {
        var (_, app, _) = await WithSecondFactorAsync();
        using var browser = hub.Visitor();

        Assert.Equal("/sign-in", (await browser.GetAsync("/sign-in/code")).Location);
        var token = (await browser.GetAsync("/sign-in")).FormToken!;
        Assert.Equal("/sign-in", (await browser.PostAsync("/sign-in/code", ("__RequestVerificationToken", token), ("code", hub.NextCode(app)))).Location);
        browser.HalfCookie = "forged";
        Assert.Equal("/sign-in", (await browser.PostAsync("/sign-in/code", ("__RequestVerificationToken", token), ("code", hub.NextCode(app)))).Location);
        Assert.Null(browser.SessionCookie);
    }

    [Fact]
    public async Task A_code_that_was_used_is_refused_like_a_wrong_one()
    {
        var (ada, app, _) = await WithSecondFactorAsync();
        var code = hub.NextCode(app);
        using var first = hub.Visitor();
        using var second = hub.Visitor();
        await first.SignInAsync(ada);
        await second.SignInAsync(ada);

        Assert.Equal("/", (await first.EnterCodeAsync(code)).Location);
        var replay = await second.EnterCodeAsync(code);
        var wrong = await second.EnterCodeAsync("000000");

        Assert.Equal(HttpStatusCode.Unauthorized, replay.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        replay.Shows("This code is not valid, or it has been used.");
        wrong.Shows("This code is not valid, or it has been used.");
        Assert.Null(second.SessionCookie);
        Assert.Equal("sign_in_failed", (await AuditAsync(ada))[^1]);
    }

    [Fact]
    public async Task A_secret_that_was_not_confirmed_signs_nobody_in_and_one_that_was_takes_the_place_of_the_old()
    {
        var (ada, app, _) = await WithSecondFactorAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app));
        var page = await desk.GetAsync("/account/second-factor");
        page.Shows("Use another authenticator");
        var pending = new AuthenticatorApp(page.TextOf("secret"));
        using var other = hub.Visitor();
        await other.SignInAsync(ada);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.EnterCodeAsync(hub.NextCode(pending))).Status);
        Assert.Equal("/", (await other.EnterCodeAsync(hub.NextCode(app))).Location);

        await desk.PostAsync("/account/second-factor", ("__RequestVerificationToken", page.FormToken!), ("secret", page.ValueOf("secret")), ("code", hub.Code(pending)));

        Assert.Equal(RevocationReason.SecondFactorChanged, (await ActsAsync(ada))[^1].Reason);
        Assert.Equal("/sign-in", (await other.GetAsync("/")).Location);
        await other.SignInAsync(ada);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.EnterCodeAsync(hub.NextCode(app))).Status);
        Assert.Equal("/", (await other.EnterCodeAsync(hub.NextCode(pending))).Location);
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once_and_is_counted()
    {
        var (ada, _, codes) = await WithSecondFactorAsync();
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        var page = await browser.GetAsync("/sign-in/code");
        page.Shows("href=\"/sign-in/code?return_url=%2F&amp;recovery=on\"");
        (await browser.GetAsync("/sign-in/code?recovery=on")).Shows("Enter a recovery code");

        Assert.Equal("/", (await browser.EnterCodeAsync(codes[0].ToLowerInvariant(), ("recovery", "on"))).Location);

        Assert.Equal("pwd mfa", (await SessionAsync(browser)).Amr);
        (await browser.GetAsync("/account/security")).Shows("You have 9 recovery codes left.");
        Assert.Contains("recovery_code_used", await AuditAsync(ada));
        using var again = hub.Visitor();
        await again.SignInAsync(ada);
        var refused = await again.EnterCodeAsync(codes[0], ("recovery", "on"));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        refused.Shows("This is not one of your recovery codes, or it has been used.");
    }

    [Fact]
    public async Task New_recovery_codes_end_the_other_sessions_and_the_old_codes()
    {
        var (ada, app, codes) = await WithSecondFactorAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await phone.EnterCodeAsync(hub.NextCode(app));
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app));

        var answer = await desk.FillAsync("/account/recovery-codes");

        answer.Shows("Keep these recovery codes");
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        await phone.SignInAsync(ada);
        Assert.Equal(HttpStatusCode.Unauthorized, (await phone.EnterCodeAsync(codes[1], ("recovery", "on"))).Status);
    }

    [Fact]
    public async Task Turned_off_it_is_gone_with_its_codes_and_the_other_sessions()
    {
        var (ada, app, codes) = await WithSecondFactorAsync();
        using var desk = hub.Visitor();
        using var phone = hub.Visitor();
        await phone.SignInAsync(ada);
        await phone.EnterCodeAsync(hub.NextCode(app));
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app));
        using var halfway = hub.Visitor();
        await halfway.SignInAsync(ada);

        var answer = await desk.FillAsync("/account/second-factor/off", ("end_this", "on"));

        (await desk.GetAsync(answer.Location!)).Shows("The second factor is off");
        Assert.Null(desk.SessionCookie);
        Assert.Equal("/sign-in", (await phone.GetAsync("/")).Location);
        Assert.Equal("/sign-in", (await halfway.PostFromAsync("/sign-in", "/sign-in/code", ("code", codes[0]))).Location);
        Assert.Equal("/", (await phone.SignInAsync(ada)).Location);
        Assert.Equal(RevocationReason.SecondFactorDisabled, (await ActsAsync(ada))[^1].Reason);
    }

    [Fact]
    public async Task Ten_wrong_codes_slow_it_down_and_leave_the_sessions_alone()
    {
        var (ada, app, codes) = await WithSecondFactorAsync();
        using var signedIn = hub.Visitor();
        await signedIn.SignInAsync(ada);
        await signedIn.EnterCodeAsync(hub.NextCode(app));
        using var thief = hub.Visitor();
        await thief.SignInAsync(ada);
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await thief.EnterCodeAsync(i % 2 == 0 ? "000000" : "AAAAA-AAAAA")).Status);
        }

        var refused = await thief.EnterCodeAsync(hub.Code(app));
        using var elsewhere = hub.Visitor();
        await elsewhere.SignInAsync(ada);

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.Status);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 60);
        refused.Shows("Too many wrong attempts. Try again in ");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await elsewhere.EnterCodeAsync(codes[0])).Status);
        Assert.Contains("guesses_throttled", await AuditAsync(ada));
        (await signedIn.GetAsync("/")).Shows("Hello");
        // The browser that was signed in before is judged by itself.
        await signedIn.SignInAsync(ada);
        Assert.Equal("/", (await signedIn.EnterCodeAsync(hub.NextCode(app))).Location);
        Assert.Equal("/", (await elsewhere.EnterCodeAsync(codes[0])).Location);
    }

    [Fact]
    public async Task A_remembered_device_leaves_out_the_code_for_this_person_alone_and_says_so_in_the_amr()
    {
        var (ada, app, _) = await WithSecondFactorAsync();
        var (bob, _, _) = await WithSecondFactorAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app), ("remember", "on"));
        var cookie = desk.DeviceCookie!;
        var row = await hub.DataAsync(db => db.Set<KnownDevice>().AsNoTracking().SingleAsync(d => d.UserId == ada.Id && d.TrustedUntil != null));
        Assert.NotEqual(System.Text.Encoding.ASCII.GetBytes(cookie)[..32], row.CookieHash);

        using var again = hub.Visitor();
        again.DeviceCookie = cookie;
        Assert.Equal("/", (await again.SignInAsync(ada)).Location);
        Assert.Equal("pwd", (await SessionAsync(again)).Amr);
        // What was copied before this sign-in is worth nothing after it, and it was never worth anything for Bob.
        using var thief = hub.Visitor();
        thief.DeviceCookie = cookie;
        Assert.StartsWith("/sign-in/code", (await thief.SignInAsync(ada)).Location, StringComparison.Ordinal);
        using var bobs = hub.Visitor();
        bobs.DeviceCookie = again.DeviceCookie;
        Assert.StartsWith("/sign-in/code", (await bobs.SignInAsync(bob)).Location, StringComparison.Ordinal);
        // A change of the account asks for the code all the same.
        Assert.Equal("/confirm-identity?return_url=%2Faccount%2Fpassword", (await again.GetAsync("/account/password")).Location);
        Assert.Equal("/account/password", (await again.FillAsync(
            "/confirm-identity", ("password", StartedHub.Password), ("code", hub.NextCode(app)), ("return_url", "/account/password"))).Location);
    }

    [Theory]
    [InlineData("list")]
    [InlineData("all")]
    [InlineData("time")]
    [InlineData("password_changed")]
    [InlineData("revoked_by_administrator")]
    public async Task A_remembered_device_is_forgotten(string why)
    {
        var (ada, app, _) = await WithSecondFactorAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app), ("remember", "on"));
        var device = desk.DeviceCookie;
        var page = await desk.GetAsync("/account/security");
        page.Shows("Ask again");

        switch (why)
        {
            case "list":
                Assert.Equal("/account/security", (await desk.PostFromAsync("/account/security", "/account/security/forget-device", ("device", page.ValueOf("device")))).Location);
                break;
            case "all":
                Assert.Equal("/account/security", (await desk.PostFromAsync("/account/security", "/account/security/forget-device")).Location);
                break;
            case "time":
                hub.Clock.Move(TimeSpan.FromDays(31));
                break;
            case "password_changed":
                await desk.FillAsync("/account/password", ("current", StartedHub.Password), ("chosen", "four quite different words"));
                break;
            default:
                await hub.ServiceAsync((SessionRevoker revoker) => revoker.EndPersonAsync(ada.Id, null, RevocationReason.RevokedByAdministrator, Initiator.System));
                break;
        }

        using var later = hub.Visitor();
        later.DeviceCookie = device;
        var answer = await later.SignInAsync(ada, why == "password_changed" ? "four quite different words" : StartedHub.Password);
        Assert.StartsWith("/sign-in/code", answer.Location, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_persons_device_cannot_be_forgotten()
    {
        var (ada, app, _) = await WithSecondFactorAsync();
        var (bob, bobsApp, _) = await WithSecondFactorAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app), ("remember", "on"));
        var device = (await desk.GetAsync("/account/security")).ValueOf("device");
        using var other = hub.Visitor();
        await other.SignInAsync(bob);
        await other.EnterCodeAsync(hub.NextCode(bobsApp));

        await other.PostFromAsync("/account/security", "/account/security/forget-device", ("device", device));

        Assert.Equal(device, (await desk.GetAsync("/account/security")).ValueOf("device"));
    }

    [Fact]
    public async Task A_half_login_dies_with_the_password_and_with_time()
    {
        var (ada, app, _) = await WithSecondFactorAsync();
        using var first = hub.Visitor();
        using var second = hub.Visitor();
        await first.SignInAsync(ada);
        hub.Clock.Move(TimeSpan.FromMinutes(10));
        await second.SignInAsync(ada);

        Assert.Equal("/sign-in", (await first.PostFromAsync("/sign-in", "/sign-in/code", ("code", hub.NextCode(app)))).Location);

        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app));
        await desk.FillAsync("/account/password", ("current", StartedHub.Password), ("chosen", "four quite different words"));
        Assert.Equal("/sign-in", (await second.PostFromAsync("/sign-in", "/sign-in/code", ("code", hub.NextCode(app)))).Location);
    }

    [Fact]
    public async Task Confirming_ones_identity_takes_both_factors()
    {
        var (ada, app, codes) = await WithSecondFactorAsync();
        using var desk = hub.Visitor();
        await desk.SignInAsync(ada);
        await desk.EnterCodeAsync(hub.NextCode(app));
        hub.Clock.Move(TimeSpan.FromMinutes(6));
        Assert.StartsWith("/confirm-identity", (await desk.GetAsync("/account/second-factor/off")).Location, StringComparison.Ordinal);

        var without = await desk.FillAsync("/confirm-identity", ("password", StartedHub.Password));
        var wrong = await desk.FillAsync("/confirm-identity", ("password", StartedHub.Password), ("code", "000000"));
        var noPassword = await desk.FillAsync("/confirm-identity", ("password", "not the password"), ("code", codes[0]));
        Assert.Equal(HttpStatusCode.BadRequest, without.Status);
        without.Shows("Enter a code of your authenticator, or a recovery code.");
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        Assert.Equal(HttpStatusCode.Unauthorized, noPassword.Status);
        Assert.StartsWith("/confirm-identity", (await desk.GetAsync("/account/second-factor/off")).Location, StringComparison.Ordinal);

        // The wrong password did not use the code up.
        Assert.Equal("/account/security", (await desk.FillAsync(
            "/confirm-identity", ("password", StartedHub.Password), ("code", codes[0]), ("return_url", "/account/security"))).Location);
        Assert.Equal(HttpStatusCode.OK, (await desk.GetAsync("/account/second-factor/off")).Status);
    }

    private async Task<(User, AuthenticatorApp, IReadOnlyList<string>)> WithSecondFactorAsync()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        var (app, codes) = await hub.SecondFactorAsync(browser);
        return (ada, app, codes);
    }

    private Task<UserSession> SessionAsync(Visitor browser)
    {
        var hash = SessionCookie.Hash(browser.SessionCookie);
        return hub.DataAsync(db => db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.CookieHash == hash));
    }

    private Task<List<RevocationRecord>> ActsAsync(User user) =>
        hub.DataAsync(db => db.Set<RevocationRecord>().AsNoTracking().Where(r => r.UserId == user.Id).OrderBy(r => r.Id).ToListAsync());

    private Task<List<string>> AuditAsync(User user) =>
        hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == user.Id).OrderBy(e => e.At).ThenBy(e => e.Id).Select(e => e.Action).ToListAsync());
}
