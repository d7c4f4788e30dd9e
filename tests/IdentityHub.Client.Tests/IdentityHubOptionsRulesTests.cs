using IdentityHub.Client.Tests.Testing;
using Microsoft.Extensions.Options;

namespace IdentityHub.Client.Tests;

/// <summary>Every wrong option stops the start with a message that names it and the fix.</summary>
public sealed class IdentityHubOptionsRulesTests
{
    public static TheoryData<string, Action<IdentityHubOptions>> Wrong => new()
    {
        { "Authority is missing; set it", o => o.Authority = "" },
        { "Authority is 'id.example.com'; it must be an absolute https address", o => o.Authority = "id.example.com" },
        { "Authority is 'ftp://id.example.com'; it must be", o => o.Authority = "ftp://id.example.com" },
        { "http is accepted only for a loopback host. Use https.", o => o.Authority = "http://id.example.com" },
        { "an issuer has neither query nor fragment", o => o.Authority = "https://id.example.com?x=1" },
        { "Authority names a user; an issuer is an address alone. Remove", o => o.Authority = "https://me:secret@id.example.com" },
        { "Leave out /.well-known and what follows.", o => o.Authority = "https://id.example.com/.well-known/openid-configuration" },
        { "ClientId is missing; set it", o => o.ClientId = " " },
        { "ClientSecret is empty; set", o => o.ClientSecret = "" },
        { "CookieName is '__Host-app'; use", o => o.CookieName = "__Host-app" },
        { "CookieName is 'a b'; use", o => o.CookieName = "a b" },
        { "CookieName is ''; use", o => o.CookieName = "" },
        { "Scopes lacks 'openid'", o => o.Scopes.Clear() },
        { "Scopes has 'profile email', which is empty or holds white space; add each scope", o => o.Scopes.Add("profile email") },
        { "Scopes has '', which is empty", o => o.Scopes.Add("") },
        { "SigningAlgorithm is 'none'; it must be one of RS256", o => o.SigningAlgorithm = "none" },
        { "SigningAlgorithm is 'HS256'; it must be one of RS256", o => o.SigningAlgorithm = "HS256" },
        { "ClockSkew is 00:06:00; it must be between 00:00:00 and 00:05:00.", o => o.ClockSkew = TimeSpan.FromMinutes(6) },
        { "IdleTimeout is 1.00:00:00; it must be between 00:01:00 and 12:00:00.", o => o.IdleTimeout = TimeSpan.FromDays(1) },
        { "SessionLifetime is 31.00:00:00; it must be between 00:01:00 and 30.00:00:00.", o => o.SessionLifetime = TimeSpan.FromDays(31) },
        { "RememberEnded is 00:00:01; it must be between 00:01:00 and 1.00:00:00.", o => o.RememberEnded = TimeSpan.FromSeconds(1) },
        { "SignInPath is empty; set it to a path", o => o.SignInPath = "" },
        { "SignInPath is '/in/{id}'; it must be a plain local path", o => o.SignInPath = "/in/{id}" },
        { "AfterSignOutPath is '//elsewhere.example'; it must be a plain local path", o => o.AfterSignOutPath = "//elsewhere.example" },
        { "AfterSignOutPath is '/bye?x'; it must be a plain local path", o => o.AfterSignOutPath = "/bye?x" },
        { "BackChannelLogoutPath and FrontChannelLogoutPath are both '/logout'", o => o.BackChannelLogoutPath = o.FrontChannelLogoutPath = "/logout" },
        { "SignInPath and CallbackPath are both '/in'", o => o.SignInPath = o.CallbackPath = "/in" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_option_is_named_with_its_fix(string message, Action<IdentityHubOptions> bend)
    {
        var options = Good();
        bend(options);

        var result = new IdentityHubOptionsRules().Validate(null, options);

        Assert.Contains(message, result.FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://id.example.com")]
    [InlineData("https://id.example.com/realms/one")]
    [InlineData("http://localhost:5000")]
    [InlineData("http://127.0.0.1:5000")]
    [InlineData("http://[::1]:5000")]
    public void Good_options_pass(string authority)
    {
        var options = Good();
        options.Authority = authority;

        Assert.True(new IdentityHubOptionsRules().Validate(null, options).Succeeded);
    }

    [Fact]
    public async Task They_are_checked_when_the_application_starts()
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => Application.StartAsync(o => o.ClientId = ""));

        Assert.Contains("ClientId is missing", failure.Message, StringComparison.Ordinal);
    }

    private static IdentityHubOptions Good() => new() { Authority = "https://id.example.com", ClientId = "app", ClientSecret = "secret" };
}
