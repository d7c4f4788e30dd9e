using IdentityHub.Access;
using IdentityHub.Audit;
using IdentityHub.Sessions;
using IdentityHub.Users;
using Microsoft.EntityFrameworkCore;
using System.Net;
using Xunit;

namespace IdentityHub.Tests.Account;

public sealed class RecentAuthenticationTests(StartedHub hub) : IClassFixture<StartedHub>
{
    public static TheoryData<string, string, string> Acts => new()
    {
        { "GET", "/account/password", "/account/password" },
        { "POST", "/account/password", "/account/password" },
        { "POST", "/account/sessions/end", "/account/sessions" },
        { "GET", "/account/second-factor", "/account/second-factor" },
        { "POST", "/account/second-factor", "/account/second-factor" },
        { "GET", "/account/second-factor/off", "/account/second-factor/off" },
        { "POST", "/account/second-factor/off", "/account/second-factor/off" },
        { "GET", "/account/recovery-codes", "/account/recovery-codes" },
        { "POST", "/account/recovery-codes", "/account/recovery-codes" },
        { "GET", "/account/passkeys/add", "/account/passkeys/add" },
        { "POST", "/account/passkeys/add", "/account/passkeys/add" },
        { "GET", "/account/passkeys/remove", "/account/security" },
        { "POST", "/account/passkeys/remove", "/account/security" },
        { "POST", "/account/passkeys/rename", "/account/security" },
        { "POST", "/account/security/forget-device", "/account/security" },
        { "POST", "/account/sessions/end-others", "/account/sessions" },
        { "POST", "/account/sessions/end-all", "/account/sessions" },
    };

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task An_old_proof_is_asked_for_again_and_leads_back(string method, string path, string page)
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        var token = (await browser.GetAsync("/")).FormToken!;
        await AgeAsync(ada);

        var answer = method == "GET" ? await browser.GetAsync(path) : await browser.PostAsync(path, Filled(token, await OnlySessionAsync(ada)));

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal($"/confirm-identity?return_url={Uri.EscapeDataString(page)}", answer.Location);
        (await browser.GetAsync("/")).Shows("Hello, Ada Lovelace");
        Assert.Equal(ada.PasswordHash, (await PersonAsync(ada)).PasswordHash);
    }

    [Theory]
    [MemberData(nameof(Acts))]
    public async Task Who_is_not_signed_in_signs_in_first(string method, string path, string page)
    {
        using var browser = hub.Visitor();
        var token = (await browser.GetAsync("/sign-in")).FormToken!;

        var answer = method == "GET" ? await browser.GetAsync(path) : await browser.PostAsync(path, Filled(token, Guid.Empty));

        Assert.Equal($"/sign-in?return_url={Uri.EscapeDataString(page)}", answer.Location);
    }

    [Fact]
    public async Task The_password_renews_the_proof_and_the_cookie_and_returns()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        var before = await SessionAsync(ada);
        await AgeAsync(ada);
        using var copy = hub.Visitor();
        copy.SessionCookie = browser.SessionCookie;

        (await browser.GetAsync("/confirm-identity?return_url=%2Faccount%2Fpassword")).Shows(ada.Email!);
        var answer = await browser.FillAsync("/confirm-identity", ("password", StartedHub.Password), ("return_url", "/account/password"));

        Assert.Equal("/account/password", answer.Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/password")).Status);
        Assert.Equal("/sign-in", (await copy.GetAsync("/")).Location);
        var after = await SessionAsync(ada);
        Assert.Equal((before.Id, before.Sid), (after.Id, after.Sid));
        Assert.Equal("authenticated_again", await LastAuditAsync(ada));
    }

    [Fact]
    public async Task A_wrong_password_is_refused_and_leaves_the_session_as_it_is()
    {
        var ada = await hub.PersonAsync();
        using var browser = hub.Visitor();
        await browser.SignInAsync(ada);
        await AgeAsync(ada);
        var cookie = browser.SessionCookie;

        var wrong = await browser.FillAsync("/confirm-identity", ("password", "not the password"), ("return_url", "/account/password"));
        var empty = await browser.FillAsync("/confirm-identity", ("password", ""), ("return_url", "/account/password"));

        Assert.Equal(HttpStatusCode.Unauthorized, wrong.Status);
        wrong.Shows("This is not your password.");
        wrong.Shows("""name="return_url" value="/account/password" """.TrimEnd());
        Assert.Equal(HttpStatusCode.BadRequest, empty.Status);
        empty.Shows("Enter your password.");
        Assert.Equal(cookie, browser.SessionCookie);
        Assert.Equal("sign_in_failed", await LastAuditAsync(ada));
        Assert.StartsWith("/confirm-identity", (await browser.GetAsync("/account/password")).Location, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    public async Task It_never_returns_to_a_foreign_address(string returnUrl)
    {
        using var browser = hub.Visitor();
        await browser.SignInAsync(await hub.PersonAsync());

        Assert.Equal("/", (await browser.FillAsync("/confirm-identity", ("password", StartedHub.Password), ("return_url", returnUrl))).Location);
    }

    [Fact]
    public async Task A_form_of_another_site_proves_nothing()
    {
        using var browser = hub.Visitor();
        await browser.SignInAsync(await hub.PersonAsync());

        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostAsync("/confirm-identity", ("password", StartedHub.Password))).Status);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void A_proof_counts_up_to_the_end_of_the_window(int seconds, bool recent) =>
        Assert.Equal(recent, RecentAuthentication.IsRecent(DateTimeOffset.UnixEpoch.AddSeconds(seconds), DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(5)));

    [Theory]
    [InlineData("00:00:59")]
    [InlineData("01:00:01")]
    public void A_window_out_of_bounds_is_refused_with_the_bounds(string window) => Assert.Equal(
        $"Account:RecentAuthentication is {window}; it must be between 00:01:00 and 01:00:00.",
        new AccessOptions { RecentAuthentication = TimeSpan.Parse(window, System.Globalization.CultureInfo.InvariantCulture) }.Refusal());

    private static (string, string)[] Filled(string token, Guid session) =>
    [
        ("__RequestVerificationToken", token), ("current", StartedHub.Password), ("chosen", "four quite different words"), ("session", session.ToString()),
    ];

    private Task<int> AgeAsync(User user) => hub.DataAsync(db => db.Set<UserSession>().Where(s => s.UserId == user.Id)
        .ExecuteUpdateAsync(s => s.SetProperty(x => x.AuthenticatedAt, TimeProvider.System.GetUtcNow().AddMinutes(-6))));

    private Task<UserSession> SessionAsync(User user) => hub.DataAsync(db => db.Set<UserSession>().AsNoTracking().SingleAsync(s => s.UserId == user.Id));

    private async Task<Guid> OnlySessionAsync(User user) => (await SessionAsync(user)).Id;

    private Task<User> PersonAsync(User user) => hub.DataAsync(db => db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == user.Id));

    private Task<string> LastAuditAsync(User user) =>
        hub.DataAsync(db => db.Set<AuditEntry>().Where(e => e.UserId == user.Id).OrderByDescending(e => e.At).ThenByDescending(e => e.Id).Select(e => e.Action).FirstAsync());
}
