using IdentityHub.EndToEnd.Attacks;
using IdentityHub.EndToEnd.Faults;
using IdentityHub.RelyingParties;
using Xunit;

namespace IdentityHub.EndToEnd.Checklists;

/// <summary>
/// OpenID Connect RP-Initiated Logout 1.0, row by row, and the modules of the OpenID Foundation's plan for it. The rows
/// that are attacks as well are among the attack cases; docs/conformance.md has the list.
/// </summary>
[Collection(nameof(AttackedHub))]
public sealed class RpInitiatedLogoutTests(AttackedHub hub)
{
    private RelyingPartySettings Notes => hub.Notes.Settings;

    private Uri SignedOut => Notes.PostLogoutRedirectUris[0];

    [Fact]
    public async Task RIL_01_the_metadata_name_the_endpoint()
    {
        var metadata = (await hub.Stranger().GetAsync("/.well-known/openid-configuration")).Json;

        Assert.Equal(new Uri(hub.Address, "/end-session").AbsoluteUri, (string?)metadata["end_session_endpoint"]);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task RIL_02_GET_and_POST_do_the_same(string method)
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(Notes);
        var link = Requests.EndSession(tokens.IdToken, SignedOut, "s");

        var reply = method == "GET"
            ? await visitor.Wire.GetAsync(link)
            : await PostFromElsewhereAsync(visitor, Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(link.Split('?')[1]).Select(p => KeyValuePair.Create(p.Key, p.Value.ToString())));

        Assert.Equal($"{SignedOut}?state=s", reply.Location?.AbsoluteUri);
        Assert.False(await visitor.IsAliveAsync(Notes));
    }

    [Fact]
    public async Task RIL_03_16_every_parameter_is_taken_and_strange_locales_and_unknown_ones_do_not_fail()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(Notes);
        var link = Requests.EndSession(tokens.IdToken, SignedOut, "s", Notes.ClientId) + "&logout_hint=somebody&ui_locales=xx-Klingon%20!!&unknown=1";

        Assert.Equal($"{SignedOut}?state=s", (await visitor.Wire.GetAsync(link)).Location?.AbsoluteUri);
    }

    [Fact]
    public async Task RIL_08_a_client_id_alone_says_whose_address_it_is_and_the_person_is_asked()
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(Notes);

        var question = await visitor.Wire.GetAsync(Requests.EndSession(redirect: SignedOut, state: "s", client: Notes.ClientId));
        var reply = await visitor.Wire.PostAsync("/sign-out", question.Form("sign-out")!.Fields);

        Assert.Equal($"{SignedOut}?state=s", reply.Location?.AbsoluteUri);
    }

    [Theory]
    [InlineData("nothing", "/end-session")]
    [InlineData("only a state", "/end-session?state=s")]
    public async Task RIL_09_10_11_without_a_hint_it_asks_and_yes_signs_out_on_a_page_of_ours(string what, string link)
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(Notes);
        var question = await visitor.Wire.GetAsync(link);
        Assert.True(question.Shows("sign-out"), what);

        var reply = await visitor.Wire.PostAsync("/sign-out", question.Form("sign-out")!.Fields);

        Assert.Equal(303, reply.Status);
        Assert.True((await visitor.Wire.FollowAsync(reply)).Shows("signed-out"));
        Assert.False(await visitor.IsAliveAsync(Notes));
    }

    [Fact]
    public async Task RIL_11_a_hint_without_an_address_ends_on_a_page_of_ours()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(Notes);

        var reply = await visitor.Wire.FollowAsync(await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, state: "s")));

        Assert.True(reply.Shows("signed-out"));
        Assert.False(await visitor.IsAliveAsync(Notes));
    }

    [Fact]
    public async Task RIL_12_every_application_has_been_told_when_the_browser_goes_on_the_initiator_too()
    {
        await using var bank = await RelyingPartyStub.StartAsync("bank");
        // Longer than the answers need on a busy machine: who has not answered by then is not waited for.
        await using var clocked = await ClockedHub.StartAsync(s => s with
        {
            RelyingParties = [.. s.RelyingParties, bank.Settings],
            More = new Dictionary<string, string?> { ["BackChannelLogout__LogoutWait"] = "00:00:10" },
        });
        var visitor = await clocked.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(clocked.Notes.Settings);
        await visitor.Driver.EnterAsync(bank.Settings);

        await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, clocked.Notes.Settings.PostLogoutRedirectUris[0]));

        Assert.Single(clocked.Notes.Received, logout => logout.Sid == tokens.Sid);
        Assert.Single(bank.Received, logout => logout.Sid == tokens.Sid);
    }

    [Fact]
    public async Task RIL_13_18_each_registered_address_is_good_exactly_as_it_was_registered()
    {
        string[] addresses = [hub.Certified.PostLogoutRedirectUris[0].AbsoluteUri, $"{hub.Certified.PostLogoutRedirectUris[0]}?second=1"];
        foreach (var address in addresses)
        {
            var visitor = await hub.VisitorAsync();
            var tokens = await visitor.Driver.EnterAsync(hub.Certified);

            var reply = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, new Uri(address)));

            Assert.Equal(address, reply.Location?.AbsoluteUri);
        }
    }

    [Fact]
    public async Task RIL_14_with_neither_hint_nor_client_there_is_no_redirect_not_even_after_yes()
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(Notes);

        var question = await visitor.Wire.GetAsync(Requests.EndSession(redirect: SignedOut, state: "s"));
        Assert.True(question.Shows("sign-out"));
        var reply = await visitor.Wire.PostAsync("/sign-out", question.Form("sign-out")!.Fields);
        var later = await visitor.Wire.GetAsync(Requests.EndSession(redirect: SignedOut, state: "s"));

        Assert.Equal("/signed-out", reply.Location?.AbsolutePath);
        Assert.Equal("/signed-out", later.Location?.AbsolutePath);
    }

    [Fact]
    public async Task RIL_15_the_state_comes_back_unchanged_and_alone_and_without_one_there_is_none()
    {
        var (visitor, state) = (await hub.VisitorAsync(), string.Concat(Enumerable.Range(33, 90).Select(c => (char)c)));
        var tokens = await visitor.Driver.EnterAsync(Notes);

        var with = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, SignedOut, state));
        var without = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, SignedOut));

        Assert.Equal(SignedOut.AbsoluteUri, with.Location?.GetLeftPart(UriPartial.Path));
        Assert.Equal(state, Assert.Single(with.Query).Value.ToString());
        Assert.Equal(SignedOut, without.Location);
    }

    [Fact]
    public async Task RIL_17_a_native_application_gets_its_own_scheme()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Native);

        var reply = await visitor.Wire.GetAsync(Requests.EndSession(tokens.IdToken, hub.Native.PostLogoutRedirectUris[0], "s"));

        Assert.Equal("com.example.native:/signed-out?state=s", reply.Location?.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://app.example.com/out", true, true)]
    [InlineData("https://app.example.com/out?tenant=1", true, true)]
    [InlineData("http://app.example.com/out", true, false)]
    [InlineData("http://app.example.com/out", false, false)]
    [InlineData("https://app.example.com/out#x", true, false)]
    [InlineData("com.example.app:/out", false, true)]
    [InlineData("com.example.app:/out", true, false)]
    [InlineData("javascript:alert(1)", false, false)]
    [InlineData("/out", true, false)]
    public void RIL_17_what_may_be_registered(string address, bool confidential, bool accepted) =>
        Assert.Equal(accepted, UriRule.Redirect(address, confidential, development: false, "PostLogoutRedirectUris") is null);

    [Fact]
    public async Task RIL_24_the_address_and_the_state_stand_sealed_in_the_question_and_the_answer_is_a_303()
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(Notes);

        var question = await visitor.Wire.GetAsync(Requests.EndSession(redirect: SignedOut, state: "a-state-to-look-for", client: Notes.ClientId));
        var form = question.Form("sign-out")!;
        var forged = new Dictionary<string, string>(form.Fields) { ["sign_out"] = form.Fields["sign_out"][..^4] + "AAAA" };
        var reply = await visitor.Wire.PostAsync("/sign-out", forged);

        // Below the question stand the links to it in other languages, which repeat its own address.
        Assert.DoesNotContain("a-state-to-look-for", question.Body[..question.Body.IndexOf("<footer>", StringComparison.Ordinal)], StringComparison.Ordinal);
        Assert.Equal((303, "/signed-out"), (reply.Status, reply.Location?.AbsolutePath));
    }

    // A browser sends no Lax cookie with a POST from elsewhere, and does with the GET that the 303 asks for.
    private async Task<Reply> PostFromElsewhereAsync(Visitor visitor, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var posted = await hub.Stranger().PostAsync("/end-session", fields, ("Origin", "https://app.example.com"));
        Assert.Equal(303, posted.Status);
        return await visitor.Wire.FollowAsync(posted);
    }
}
