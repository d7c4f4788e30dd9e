using IdentityHub.EndToEnd.Faults;
using Xunit;

namespace IdentityHub.EndToEnd.Statements;

/// <summary>
/// How many statements a request costs on PostgreSQL. The numbers are exact: one more is a decision, to be made here
/// and not by accident.
/// </summary>
public sealed class StatementCountTests(HubInProcess hub) : IClassFixture<HubInProcess>
{
    [Fact]
    public async Task Authorize_with_a_session_asks_for_the_session_and_the_application_and_writes_once()
    {
        var ada = await SignedInAsync();
        await ExpectAsync(Expected.Authorize, () => ada.AuthorizeAsync(hub.Notes, "openid"));
    }

    [Fact]
    public async Task A_code_is_redeemed_by_looking_up_application_and_code_and_writing_once()
    {
        var ada = await SignedInAsync();
        var code = (await ada.AuthorizeAsync(hub.Notes, "openid")).Expect();
        await ExpectAsync(Expected.Redeem, () => ada.Back.RedeemAsync(code));
    }

    [Fact]
    public async Task A_refresh_looks_up_application_and_token_and_writes_once()
    {
        var ada = await SignedInAsync();
        var tokens = await ada.EnterAsync(hub.Notes, "openid");
        await ExpectAsync(Expected.Refresh, () => ada.Back.RefreshAsync(hub.Notes, tokens.RefreshToken));
    }

    [Fact]
    public async Task Introspection_looks_up_application_and_token()
    {
        var ada = await SignedInAsync();
        var tokens = await ada.EnterAsync(hub.Notes, "openid");
        await ExpectAsync(Expected.Introspection, () => ada.Back.IsActiveAsync(hub.Notes, tokens.AccessToken));
    }

    [Fact]
    public async Task Userinfo_looks_up_token_and_person()
    {
        var ada = await SignedInAsync();
        var tokens = await ada.EnterAsync(hub.Notes, "openid");
        await ExpectAsync(Expected.UserInfo, () => ada.Back.UserInfoAsync(tokens.AccessToken));
    }

    [Fact]
    public async Task Client_credentials_look_up_the_application_and_write_once() =>
        await ExpectAsync(Expected.ClientCredentials, () => new TokenClient(hub.Address).ClientCredentialsAsync(hub.Machine, "api"));

    [Fact]
    public async Task A_sign_out_locks_ends_tells_and_records_and_its_page_asks_once()
    {
        var ada = await SignedInAsync();
        await ada.EnterAsync(hub.Notes, "openid");
        await ExpectAsync(Expected.SignOut, await ada.AskToEndSessionAsync());
    }

    private async Task<HubDriver> SignedInAsync()
    {
        var ada = new HubDriver(hub.Address);
        await ada.SignInAsync(HubInProcess.Ada.Email, HubInProcess.Ada.Password);
        return ada;
    }

    private static async Task ExpectAsync<T>(int statements, Func<Task<T>> request)
    {
        using var counter = new StatementCounter();
        var asked = await counter.OfAsync(request);
        Assert.True(asked.Count == statements, $"{asked.Count} statements instead of {statements}:\n{string.Join("\n", asked)}");
    }
}
