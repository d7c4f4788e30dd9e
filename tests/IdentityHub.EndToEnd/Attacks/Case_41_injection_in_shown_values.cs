using IdentityHub.Sessions;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>
/// Attack case 41: what others chose is shown as text, and writes no line of the log. The pages of the administration have
/// a table of their own, in the tests of the hub.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_41_injection_in_shown_values(AttackedHub hub)
{
    private const string Payload = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";

    [Fact]
    public async Task The_name_of_an_application()
    {
        var visitor = await hub.VisitorAsync();
        var consent = await visitor.Wire.GetAsync(Requests.At("/authorize", Requests.Authorize(hub.Asking)));
        Assert.True(consent.Shows("allow"));
        AssertText(consent, "alert(");
        await visitor.Driver.EnterAsync(hub.Asking);

        var question = await visitor.Wire.GetAsync("/end-session");
        var home = await visitor.Wire.GetAsync("/");
        var signedOut = await visitor.Wire.FollowAsync(await visitor.Wire.PostAsync("/sign-out", question.Form("sign-out")!.Fields));

        AssertText(question, "alert(");
        AssertText(home, "alert(");
        AssertText(signedOut, null);
    }

    [Theory]
    [InlineData("/sign-in?login_hint={payload}")]
    [InlineData("/sign-in?return_url=/{payload}")]
    [InlineData("/register?return_url=/{payload}")]
    [InlineData("/authorize?response_type={payload}&client_id={payload}&redirect_uri={payload}&state={payload}")]
    [InlineData("/authorize?client_id=notes&client_id={payload}")]
    [InlineData("/authorize?{payload}={payload}&{payload}={payload}")]
    [InlineData("/end-session?post_logout_redirect_uri={payload}&client_id={payload}&state={payload}")]
    [InlineData("/signed-out?act={payload}")]
    [InlineData("/no-such-page/{payload}?{payload}")]
    public async Task What_stands_in_the_address(string address)
    {
        var reply = await hub.Stranger().GetAsync(address.Replace("{payload}", Uri.EscapeDataString(Payload), StringComparison.Ordinal));

        AssertText(reply, null);
    }

    [Fact]
    public async Task What_was_typed_into_a_form()
    {
        var stranger = hub.Stranger();
        var form = (await stranger.GetAsync("/register")).Form("register")!;

        var reply = await stranger.PostAsync("/register", form.Press("register", ("name", Payload), ("email", Payload), ("password", "short")));

        Assert.Equal(400, reply.Status);
        AssertText(reply, "alert(1)");
    }

    [Fact]
    public async Task The_ui_locales_of_a_sign_out_and_of_a_sign_in()
    {
        var visitor = await hub.VisitorAsync();

        AssertText(await visitor.Wire.GetAsync(Requests.At("/end-session", [new("ui_locales", Payload), new("logout_hint", Payload)])), null);
        var request = Requests.Authorize(hub.Asking);
        request["ui_locales"] = request["display"] = request["acr_values"] = Payload;
        AssertText(await visitor.Wire.GetAsync(Requests.At("/authorize", request)), null);
    }

    [Fact]
    public async Task The_browser_of_a_session_in_the_list_of_sessions()
    {
        var visitor = await hub.VisitorAsync();
        await hub.Inside.AskAsync(db => db.Set<UserSession>().Where(s => s.User!.Email == visitor.Person.Email).ExecuteUpdateAsync(s => s.SetProperty(x => x.UserAgent, Payload).SetProperty(x => x.Device, Payload)));

        AssertText(await visitor.Wire.GetAsync("/account/sessions"), "alert(1)");
    }

    [Fact]
    public async Task No_line_of_the_log_is_written_by_a_stranger()
    {
        const string Forgery = "\r\nfail: forged entry";
        var stranger = hub.Stranger();
        foreach (var path in new[] { "/authorize", "/end-session", "/token" })
        {
            var request = Requests.Authorize(hub.Notes.Settings);
            request["client_id"] = request["state"] = request["post_logout_redirect_uri"] = request["grant_type"] = Forgery;
            await stranger.GetAsync(Requests.At(path, request));
            await stranger.PostAsync(path, request, ("User-Agent", "fail: forged entry"));
        }

        var encoded = Uri.EscapeDataString(Forgery);
        foreach (var path in new[] { $"/admin/people?q={encoded}", $"/admin/{encoded}", $"/api/v1/people?search={encoded}", $"/api/v1/relying-parties/{encoded}", $"/api/v1/{encoded}" })
        {
            await stranger.GetAsync(path);
            await stranger.PostAsync(path, new Dictionary<string, string> { ["client"] = Forgery, ["sub_id"] = Forgery }, ("Authorization", "Bearer fail: forged entry"));
        }

        Assert.DoesNotContain("\nfail: forged entry", hub.Hub.Output, StringComparison.Ordinal);
    }

    private static void AssertText(Reply reply, string? mustShow)
    {
        Assert.DoesNotContain("<script>", reply.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("<img", reply.Body, StringComparison.OrdinalIgnoreCase);
        if (mustShow is not null)
        {
            Assert.Contains(mustShow, reply.Body, StringComparison.Ordinal);
        }
    }
}
