using Xunit;

namespace IdentityHub.EndToEnd.Attacks;

/// <summary>Attack case 1, logout CSRF: anybody can link to the end-session endpoint, and nobody is signed out by a link.</summary>
[Collection(nameof(AttackedHub))]
public sealed class Case_01_logout_csrf(AttackedHub hub)
{
    [Theory]
    [InlineData("a link", "GET", "text/html")]
    [InlineData("a form", "POST", "text/html")]
    [InlineData("an image", "GET", "image/avif,image/*,*/*;q=0.8")]
    public async Task A_request_from_elsewhere_only_asks(string what, string method, string accept)
    {
        var visitor = await hub.VisitorAsync();
        var tokens = await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(hub.Address, "/end-session"));
        request.Headers.Accept.ParseAdd(accept);
        request.Content = method == "POST" ? new FormUrlEncodedContent([]) : null;

        var reply = await visitor.Wire.SendAsync(request, ("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site"));
        reply = reply.Redirects ? await visitor.Wire.FollowAsync(reply) : reply;

        Assert.True(reply.Shows("sign-out"), what);
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
        Assert.DoesNotContain(hub.Notes.Received, logout => logout.Sid == tokens.Sid);
        Assert.Contains("frame-ancestors 'none'", reply.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_confirmation_counts_only_with_the_proof_of_our_own_page_in_this_browser()
    {
        var visitor = await hub.VisitorAsync();
        await visitor.Driver.EnterAsync(hub.Notes.Settings);
        var attacker = await hub.VisitorAsync();
        var form = (await visitor.Wire.GetAsync("/end-session")).Form("sign-out")!;
        var foreign = (await attacker.Wire.GetAsync("/end-session")).Form("sign-out")!;

        var bare = await visitor.Wire.PostAsync("/sign-out", form.Fields.Where(f => f.Key != "__RequestVerificationToken"));
        var with = await visitor.Wire.PostAsync("/sign-out", foreign.Fields);
        // A cross-site POST carries no Lax cookie: not the session's and not the form's.
        var without = await hub.Stranger().PostAsync("/sign-out", form.Fields);

        Assert.Equal([400, 400, 400], [bare.Status, with.Status, without.Status]);
        Assert.True(await visitor.IsAliveAsync(hub.Notes.Settings));
        var confirmed = await visitor.Wire.PostAsync("/sign-out", form.Fields);
        Assert.True(confirmed.Redirects);
        Assert.False(await visitor.IsAliveAsync(hub.Notes.Settings));
    }
}
