using System.Net;
using Xunit;

namespace IdentityHub.Tests.Account;

/// <summary>Where addresses are not confirmed.</summary>
public sealed class OpenRegistrationTests(OpenRegistrationTests.OpenHub hub) : IClassFixture<OpenRegistrationTests.OpenHub>
{
    [Fact]
    public async Task A_new_person_is_signed_in_at_once_and_led_on()
    {
        using var browser = hub.Visitor();

        var answer = await browser.FillAsync(
            "/register", ("name", "Grace Hopper"), ("email", $"{Guid.CreateVersion7():N}@example.com"), ("password", StartedHub.Password), ("return_url", "/account/sessions"));

        Assert.Equal((HttpStatusCode.SeeOther, "/account/sessions"), (answer.Status, answer.Location));
        (await browser.GetAsync("/")).Shows("Hello, Grace Hopper");
    }

    [Fact]
    public async Task Who_registers_an_address_that_has_an_account_is_not_let_in()
    {
        var ada = await hub.PersonAsync();
        using var stranger = hub.Visitor();

        var answer = await stranger.FillAsync("/register", ("name", "Mallory"), ("email", ada.Email!), ("password", "another password of mine"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        answer.Shows("We could not create this account.");
        Assert.Null(stranger.SessionCookie);
    }

    public sealed class OpenHub : StartedHub
    {
        protected override Task<string[]> SettingsAsync() => Task.FromResult<string[]>(["--Account:RequireConfirmedEmail", "false"]);
    }
}
