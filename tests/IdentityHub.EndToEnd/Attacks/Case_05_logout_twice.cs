using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 5: signing out is idempotent, and each application hears of it once.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_05_logout_twice(AttackedHub hub)
{
    private Uri SignedOut => hub.Notes.Settings.PostLogoutRedirectUris[0];

    [Fact]
    public async Task Without_a_session_it_leads_where_it_would_have_led()
    {
        var stranger = hub.Stranger();

        var plain = await stranger.FollowAsync(await stranger.GetAsync("/end-session"));
        var named = await stranger.GetAsync(Requests.EndSession(redirect: SignedOut, state: "s", client: "notes"));

        Assert.True(plain.Shows("signed-out"));
        Assert.Equal($"{SignedOut}?state=s", named.Location?.AbsoluteUri);
    }

    [Fact]
    public async Task The_same_link_twice_leads_to_the_same_place_and_tells_once()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var link = Requests.EndSession(tokens.IdToken, SignedOut, "s");

        var replies = await Task.WhenAll(visitor.Copy().Wire.GetAsync(link), visitor.Copy().Wire.GetAsync(link));
        var later = await visitor.Wire.GetAsync(link);

        Assert.All([.. replies, later], reply => Assert.Equal($"{SignedOut}?state=s", reply.Location?.AbsoluteUri));
        await AssertToldOnceAsync(tokens.Sid);
    }

    [Fact]
    public async Task Two_tabs_with_the_question_may_both_answer_it()
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var first = (await visitor.Wire.GetAsync(Requests.EndSession(redirect: SignedOut, state: "s", client: "notes"))).Form("sign-out")!;
        var second = (await visitor.Wire.GetAsync("/end-session")).Form("sign-out")!;

        var one = await visitor.Wire.PostAsync("/sign-out", first.Fields);
        var two = await visitor.Wire.PostAsync("/sign-out", second.Fields);

        Assert.Equal($"{SignedOut}?state=s", one.Location?.AbsoluteUri);
        Assert.Equal("/signed-out", two.Location?.AbsolutePath);
        await AssertToldOnceAsync(tokens.Sid);
    }

    // A delivery is a row; one that was not made can never be sent.
    private async Task AssertToldOnceAsync(string sid)
    {
        await hub.Notes.WaitForConfirmedLogoutAsync(sid, AttackedHub.Soon);
        Assert.Equal(1, await hub.Inside.AskAsync(db => Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.CountAsync(
            db.Set<BackChannelLogout.LogoutDelivery>(), delivery => delivery.Sid == sid && delivery.ClientId == "notes")));
        Assert.Single(hub.Notes.Received, logout => logout.Sid == sid);
    }
}
