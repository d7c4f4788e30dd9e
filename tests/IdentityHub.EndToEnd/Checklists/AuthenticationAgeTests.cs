using IdentityHub.Data;
using IdentityHub.EndToEnd.Attacks;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary>
/// How old and how strong an authentication may be: <c>max_age</c>, <c>default_max_age</c>, <c>acr_values</c>, and what
/// the tokens say of it (Core §2, §3.1.2.1, §5.5.1.1; Dynamic Registration §2; ASVS 7.6.1).
/// </summary>
public sealed class AuthenticationAgeTests : IAsyncLifetime
{
    private ClockedHub _hub = null!;
    private Visitor? _visitor;
    private RelyingPartySettings _bank = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await ClockedHub.StartAsync(settings =>
        {
            _bank = settings.RelyingParties[0] with { ClientId = "bank", DefaultMaxAge = TimeSpan.FromMinutes(15) };
            return settings with { RelyingParties = [.. settings.RelyingParties, _bank] };
        });
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Where_an_application_registered_an_age_an_older_proof_is_asked_for_again_and_refreshing_does_not_help()
    {
        var visitor = await VisitorAsync();
        var (first, notes) = (await EnterAsync(_bank), await EnterAsync(_hub.Notes.Settings));
        _hub.Clock.Move(TimeSpan.FromMinutes(16));

        Assert.Equal("login_required", (await visitor.Driver.AskSilentlyAsync(_bank)).Error?.Code);
        Assert.Equal("invalid_grant", (await visitor.Driver.Back.RefreshAsync(_bank, first.RefreshToken)).Error?.Code);
        Assert.Equal("/sign-in", (await AskAsync(_bank)).Location?.AbsolutePath);
        // The others, and the session, are not concerned.
        Assert.True((await visitor.Driver.AskSilentlyAsync(_hub.Notes.Settings)).Succeeded);
        Assert.True((await visitor.Driver.Back.RefreshAsync(_hub.Notes.Settings, notes.RefreshToken)).Succeeded);

        var again = await visitor.Driver.EnterAsync(_bank, person: (visitor.Person.Email, visitor.Person.Password));

        Assert.True((long)again.IdTokenClaims["auth_time"]! >= (long)first.IdTokenClaims["auth_time"]! + (16 * 60));
        Assert.Equal(first.Sid, again.Sid);
    }

    [Theory]
    [InlineData(60, "a minute that the request asks for")]
    [InlineData(86_400, "the registered quarter of an hour, whatever the request allows")]
    public async Task A_request_may_ask_for_less_and_never_for_more(int maxAge, string because)
    {
        await EnterAsync(_bank);
        _hub.Clock.Move(maxAge < 900 ? TimeSpan.FromSeconds(maxAge) : TimeSpan.FromMinutes(15));

        Assert.True((await AskAsync(_bank, ("max_age", $"{maxAge}"))).Location?.AbsolutePath == "/sign-in", because);
    }

    [Fact]
    public async Task The_class_is_stated_in_both_tokens_and_is_of_those_wished_for_where_it_is_true()
    {
        var unasked = await EnterAsync(_hub.Notes.Settings);
        Assert.Equal(AuthenticationContext.Aal1, (string?)unasked.IdTokenClaims["acr"]);
        Assert.Equal(AuthenticationContext.Aal1, (string?)Forged.Part(unasked.AccessToken, 1)["acr"]);

        // A person without a second factor cannot reach the class: the wish stops nobody, and nothing false is stated.
        Assert.Equal(AuthenticationContext.Aal1, await StatedAsync(await AskAsync(_hub.Notes.Settings, ("acr_values", AuthenticationContext.Aal2))));
        await SetAsync(amr: "pwd otp mfa");
        Assert.Equal(AuthenticationContext.Aal2, await StatedAsync(await AskAsync(_hub.Notes.Settings)));
        Assert.Equal(AuthenticationContext.Aal1, await StatedAsync(await AskAsync(_hub.Notes.Settings, ("acr_values", $"urn:unknown {AuthenticationContext.Aal1}"))));
    }

    [Fact]
    public async Task Who_can_reach_the_class_is_asked_once_and_a_silent_request_gets_what_is_true()
    {
        var visitor = await VisitorAsync();
        await SetAsync(amr: "pwd");
        await _hub.ActAsync(services => services.GetRequiredService<HubDb>().Users.Where(u => u.Email == visitor.Person.Email)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.TwoFactorEnabled, true)));

        Assert.Equal("/sign-in", (await AskAsync(_hub.Notes.Settings, ("acr_values", AuthenticationContext.Aal2))).Location?.AbsolutePath);
        Assert.Equal(AuthenticationContext.Aal1, await StatedAsync(await AskAsync(_hub.Notes.Settings, ("acr_values", AuthenticationContext.Aal2), ("prompt", "none"))));

        await SetAsync(amr: "pwd otp mfa");
        Assert.Equal(AuthenticationContext.Aal2, await StatedAsync(await AskAsync(_hub.Notes.Settings, ("acr_values", AuthenticationContext.Aal2))));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_browser_that_skips_the_second_factor_is_asked_for_it_where_more_than_a_password_is_wished_for(bool posted)
    {
        var (ada, app, _) = await Case_35_codes.WithSecondFactorAsync(_hub);
        var browser = new Wire(_hub.Address);
        _hub.Clock.Move(TimeSpan.FromSeconds(60));
        await browser.ShowPasswordAsync(ada.Person);
        await browser.ShowCodeAsync(app.CodeAt(_hub.Clock.GetUtcNow()), remember: true);
        Assert.Equal("/", (await browser.ShowPasswordAsync(ada.Person)).Location?.AbsolutePath);

        var request = Requests.Authorize(_hub.Notes.Settings);
        request["acr_values"] = AuthenticationContext.Aal2;
        var asked = posted
            ? await browser.FollowAsync(await browser.PostAsync("/authorize", request))
            : await browser.GetAsync(Requests.At("/authorize", request));
        var code = await ShowPasswordAsync(browser, asked, ada);
        Assert.Equal("/sign-in/code", code.Location?.AbsolutePath);
        _hub.Clock.Move(TimeSpan.FromSeconds(60));
        var page = await browser.FollowAsync(code);
        var back = await browser.PostAsync("/sign-in/code", page.Form("continue")!.Press("continue", ("code", app.CodeAt(_hub.Clock.GetUtcNow()))));
        Assert.Equal(AuthenticationContext.Aal2, await StatedAsync(await browser.FollowAsync(back)));

        // What a password satisfies still leaves it out.
        request["acr_values"] = AuthenticationContext.Aal1;
        request["prompt"] = "login";
        Assert.Equal("/authorize", (await ShowPasswordAsync(browser, await browser.GetAsync(Requests.At("/authorize", request)), ada)).Location?.AbsolutePath);
    }

    [Fact]
    public async Task The_metadata_name_the_classes()
    {
        var metadata = (await new Wire(_hub.Address).GetAsync("/.well-known/openid-configuration")).Json;

        Assert.Equal(AuthenticationContext.Supported, metadata["acr_values_supported"]!.AsArray().Select(v => (string)v!));
        Assert.Contains("acr", metadata["claims_supported"]!.AsArray().Select(v => (string?)v));
    }

    // Not every test is about somebody.
    private async Task<Visitor> VisitorAsync() => _visitor ??= await _hub.VisitorAsync();

    private async Task<Tokens> EnterAsync(RelyingPartySettings application) => await (await VisitorAsync()).Driver.EnterAsync(application);

    private async Task<Reply> AskAsync(RelyingPartySettings application, params (string Name, string Value)[] more)
    {
        var request = Requests.Authorize(application);
        foreach (var (name, value) in more)
        {
            request[name] = value;
        }

        return await (await VisitorAsync()).Wire.GetAsync(Requests.At("/authorize", request));
    }

    private static async Task<Reply> ShowPasswordAsync(Wire browser, Reply asked, Visitor visitor)
    {
        Assert.Equal("/sign-in", asked.Location?.AbsolutePath);
        var page = await browser.FollowAsync(asked);
        return await browser.PostAsync("/sign-in", page.Form("sign-in")!.Press("sign-in", ("email", visitor.Person.Email), ("password", visitor.Person.Password)));
    }

    private async Task<string?> StatedAsync(Reply authorized)
    {
        var code = authorized.Query.TryGetValue("code", out var value) ? value.ToString() : throw new InvalidOperationException($"No code: {authorized.Location} {authorized.Error}");
        var tokens = (await new Wire(_hub.Address).TokenAsync(Requests.Redeem(_hub.Notes.Settings, code))).Json;
        return (string?)Forged.Part((string)tokens["id_token"]!, 1)["acr"];
    }

    private Task SetAsync(string amr) => _hub.ActAsync(services => services.GetRequiredService<HubDb>().Set<UserSession>().ExecuteUpdateAsync(s => s.SetProperty(x => x.Amr, amr)));
}
